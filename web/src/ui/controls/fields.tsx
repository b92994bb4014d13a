import { Input } from 'react-aria-components/Input';
import { Label } from 'react-aria-components/Label';
import { Radio, RadioGroup } from 'react-aria-components/RadioGroup';
import { FieldError } from 'react-aria-components/FieldError';
import { Switch as AriaSwitch } from 'react-aria-components/Switch';
import { TextField as AriaTextField } from 'react-aria-components/TextField';
import './field.css';

export function TextField({ label, value, onChange, error, autoComplete = 'off', ...rest }: {
  label: string;
  value: string;
  onChange(value: string): void;
  placeholder?: string;
  error?: string | undefined;
  autoComplete?: string;
  maxLength?: number;
}) {
  return (
    <AriaTextField className="field" value={value} onChange={onChange} isInvalid={error !== undefined}>
      <Label>{label}</Label>
      <Input className="input" autoComplete={autoComplete} spellCheck={false} {...rest} />
      <FieldError className="field-error">{error}</FieldError>
    </AriaTextField>
  );
}

export function Switch({ label, on, onChange, disabled = false }: {
  label: string;
  on: boolean;
  onChange?(on: boolean): void;
  disabled?: boolean;
}) {
  return (
    <AriaSwitch className="switch" isSelected={on} isDisabled={disabled} {...(onChange && { onChange })}>
      <span className="words">{label}</span>
      <span className="track" />
    </AriaSwitch>
  );
}

/** One of a few, all of them visible. */
export function Segments<V extends string>({ label, value, onChange, options }: {
  label: string;
  value: V | undefined;
  onChange(value: V): void;
  options: readonly { value: V; text: string }[];
}) {
  return (
    <RadioGroup aria-label={label} className="segments" orientation="horizontal" value={value ?? null} onChange={(v) => onChange(v as V)}>
      {options.map((option) => <Radio key={option.value} value={option.value} className="segment">{option.text}</Radio>)}
    </RadioGroup>
  );
}
