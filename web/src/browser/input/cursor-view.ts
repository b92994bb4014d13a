import type { CursorShape } from '../bridge.ts';
import type { ViewTransform } from '../view/view-transform.ts';

/** Browsers ignore a cursor larger than this, in CSS pixels. */
const largestCss = 128;
/** A cursor follows the zoom only as far as a hand still finds it. */
const leastScale = 0.6;
const mostScale = 2.5;

/**
 * The host's pointer, drawn here and never in the picture: as the mouse's own CSS cursor, which costs no delay at all, or as
 * an element over the picture where there is no mouse (touch) or where somebody at the host moves it.
 */
export class CursorView {
  private readonly overlay: HTMLCanvasElement;
  private readonly scratch = document.createElement('canvas');
  private shape: CursorShape | undefined;
  private image: HTMLCanvasElement | undefined;
  private css = 'default';
  private key = '';
  private at: { x: number; y: number } | undefined;
  private native = true;

  constructor(private readonly element: HTMLElement) {
    this.overlay = document.createElement('canvas');
    this.overlay.setAttribute('aria-hidden', 'true');
    this.overlay.style.cssText = 'position:absolute;left:0;top:0;pointer-events:none;display:none;will-change:transform';
    element.append(this.overlay);
  }

  setShape(shape: CursorShape | undefined): void {
    if (shape === this.shape) return;
    this.shape = shape;
    this.image = undefined;
    if (shape !== undefined && shape.width > 0) {
      const image = document.createElement('canvas');
      image.width = shape.width;
      image.height = shape.height;
      image.getContext('2d')?.putImageData(new ImageData(shape.rgba, shape.width, shape.height), 0, 0);
      this.image = image;
    }
    this.key = '';
  }

  /** `native`: the mouse carries the shape. Otherwise it stands at `at`, in desktop pixels; undefined is nowhere. */
  place(native: boolean, at: { x: number; y: number } | undefined): void {
    this.native = native;
    this.at = at;
  }

  draw(transform: ViewTransform): void {
    const scale = Math.min(mostScale, Math.max(leastScale, transform.scale));
    const key = `${scale}/${transform.devicePixelRatio}`;
    if (key !== this.key) {
      this.key = key;
      this.render(scale, transform.devicePixelRatio);
    }
    this.element.style.cursor = this.native ? this.css : this.at === undefined ? 'default' : 'none';
    if (this.at === undefined) {
      this.overlay.style.display = 'none';
      return;
    }
    const { hotX, hotY } = this.shape ?? { hotX: 0, hotY: 0 };
    const dot = this.image === undefined ? dotSize / 2 : 0;
    const at = transform.toScreen(this.at.x + 0.5, this.at.y + 0.5);
    this.overlay.style.display = 'block';
    this.overlay.style.transform = `translate(${at.x - hotX * scale - dot}px, ${at.y - hotY * scale - dot}px)`;
  }

  remove(): void {
    this.overlay.remove();
    this.element.style.cursor = '';
  }

  /** Draws shape and dot once a shape or a zoom, not once a move. */
  private render(scale: number, ratio: number): void {
    const { shape, image, overlay } = this;
    if (shape === undefined) {
      this.css = 'default';
      drawDot(overlay, ratio);
      return;
    }
    if (image === undefined) {
      drawDot(overlay, ratio);
      this.css = cssCursor(overlay, ratio, dotSize / 2, dotSize / 2);
      return;
    }
    resizeInto(overlay, image, scale, ratio);
    const fits = Math.min(scale, largestCss / Math.max(shape.width, shape.height));
    if (fits === scale) {
      this.css = cssCursor(overlay, ratio, shape.hotX * scale, shape.hotY * scale);
    } else {
      resizeInto(this.scratch, image, fits, ratio);
      this.css = cssCursor(this.scratch, ratio, shape.hotX * fits, shape.hotY * fits);
    }
  }
}

const dotSize = 7;

/** A hidden pointer still shows where the hand is. */
function drawDot(canvas: HTMLCanvasElement, ratio: number): void {
  size(canvas, dotSize, dotSize, ratio);
  const context = canvas.getContext('2d');
  if (context === null) return;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, dotSize, dotSize);
  context.beginPath();
  context.arc(dotSize / 2, dotSize / 2, 2.5, 0, 2 * Math.PI);
  context.fillStyle = 'black';
  context.fill();
  context.strokeStyle = 'white';
  context.stroke();
}

function resizeInto(canvas: HTMLCanvasElement, image: HTMLCanvasElement, scale: number, ratio: number): void {
  size(canvas, image.width * scale, image.height * scale, ratio);
  const context = canvas.getContext('2d');
  if (context === null) return;
  context.imageSmoothingEnabled = scale * ratio % 1 !== 0;
  context.clearRect(0, 0, canvas.width, canvas.height);
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
}

function size(canvas: HTMLCanvasElement, width: number, height: number, ratio: number): void {
  canvas.width = Math.max(1, Math.round(width * ratio));
  canvas.height = Math.max(1, Math.round(height * ratio));
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
}

function cssCursor(canvas: HTMLCanvasElement, ratio: number, hotX: number, hotY: number): string {
  const url = canvas.toDataURL('image/png');
  const image = ratio === 1 ? `url(${url})` : `image-set(url(${url}) ${ratio}x)`;
  return `${image} ${Math.floor(hotX)} ${Math.floor(hotY)}, default`;
}
