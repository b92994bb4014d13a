/** What the host says of its desktop. The picture's own size is in each update. */
export interface Desktop {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly monitors: readonly Monitor[];
  /** The monitor that is shown; 0 is all. */
  readonly shows: number;
  /** The desktop is another machine's: end-to-end encryption ends at the host. */
  readonly gateway?: Gateway | undefined;
}

/** How the desktop comes from where it is to the host. */
export interface Gateway {
  /** Such as VNC. */
  readonly protocol: string;
  readonly encrypted: boolean;
}

export interface Monitor {
  readonly id: number;
  readonly name: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly primary: boolean;
}
