import { canvasesOf } from './panes.ts';
import type { ViewTransform } from './view-transform.ts';

/** One size's canvases, in an element of their own. */
interface Generation {
  readonly element: HTMLElement;
  readonly canvases: readonly HTMLCanvasElement[];
  readonly width: number;
  readonly height: number;
}

/**
 * The page's end of the panes: makes them for a size, keeps those of the size before until the new ones are painted, and lays them as the view says. The
 * worker paints them, to which each can be given once.
 */
export class PaneCanvases {
  private readonly generations: Generation[] = [];
  private transform: ViewTransform | undefined;

  /** They lie in `stage`, below everything else in it. */
  constructor(private readonly stage: HTMLElement) {}

  make(width: number, height: number): OffscreenCanvas[] {
    const element = document.createElement('div');
    const canvases = canvasesOf(width, height).map((pane) => {
      const canvas = document.createElement('canvas');
      canvas.width = pane.width;
      canvas.height = pane.height;
      element.append(canvas);
      return canvas;
    });
    const older = this.generations.at(-1)?.element;
    if (older === undefined) this.stage.prepend(element);
    else older.after(element);
    const made = { element, canvases, width, height };
    this.generations.push(made);
    this.place(made);
    return canvases.map((canvas) => canvas.transferControlToOffscreen());
  }

  /** The newest are painted. */
  painted(): void {
    for (const older of this.generations.splice(0, this.generations.length - 1)) older.element.remove();
  }

  lay(transform: ViewTransform): void {
    this.transform = transform;
    for (const generation of this.generations) this.place(generation);
  }

  remove(): void {
    for (const { element } of this.generations.splice(0)) element.remove();
  }

  private place({ canvases, width, height }: Generation): void {
    const { transform } = this;
    if (transform === undefined) return;
    for (const [i, pane] of canvasesOf(width, height).entries()) {
      const { style } = canvases[i]!;
      style.position = 'absolute';
      style.left = '0';
      style.top = '0';
      style.width = `${pane.width * transform.scale}px`;
      style.height = `${pane.height * transform.scale}px`;
      const at = transform.toScreen(pane.x, pane.y);
      style.transform = `translate(${at.x}px, ${at.y}px)`;
      style.imageRendering = transform.isCrisp ? 'pixelated' : 'auto';
    }
  }
}
