import type { ReactNode } from 'react';
import { Button as AriaButton, type ButtonProps } from 'react-aria-components/Button';
import './button.css';

interface Props extends ButtonProps {
  /** primary: the one next step · quiet: everything else · stop: ends something · bare: in rows and bars. */
  kind?: 'primary' | 'quiet' | 'stop' | 'bare';
  icon?: ReactNode;
  children?: ReactNode;
}

export function Button({ kind = 'quiet', icon, children, className, ...props }: Props) {
  return (
    <AriaButton {...props} className={`button ${kind} ${children === undefined ? 'icon-only' : ''} ${className ?? ''}`}>
      {icon}
      {children !== undefined && <span>{children}</span>}
    </AriaButton>
  );
}
