/** What a viewer may do. Stated by the host inside the channel and enforced there. */
export interface Grant {
  readonly view: boolean;
  readonly control: boolean;
  readonly clipboard: boolean;
}

export const noGrant: Grant = { view: false, control: false, clipboard: false };
