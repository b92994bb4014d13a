/*
 * The page, from the address to the pixels:
 *
 *   1 address  -> takePageTarget: which page, which room, and the secret out of the address bar      browser/target.ts
 *   2 language -> loadTexts: the catalogue of the person's language                                  ui/texts/
 *   3 page     -> App: start, the customer's page, a session, the gallery                            ui/app/App.tsx
 *   4 session  -> SessionClient: starts the worker that owns socket, keys, decoder and canvas        browser/session-client.ts
 *   5 picture  <- the worker paints the canvas by itself; React never sees a pixel                   browser/worker.ts
 *   6 input    -> attachInput: pointer, keys, fingers and text from the canvas to the worker         browser/input/
 */
import { createRoot } from 'react-dom/client';
import { SessionClient } from './browser/session-client.ts';
import { takePageTarget } from './browser/target.ts';
import { App, GalleryPage } from './ui/app/App.tsx';
import './ui/base.css';
import { loadTexts, TextsContext } from './ui/texts/texts.ts';

const query = new URLSearchParams(location.search);
const page = takePageTarget(window);
const gallery = location.pathname === '/gallery';
const wanted = query.get('lang');
const texts = await loadTexts(wanted === null ? navigator.languages : [wanted, ...navigator.languages]);

const html = document.documentElement;
html.lang = texts.language;
html.dir = texts.direction;
const theme = query.get('theme');
if (theme === 'light' || theme === 'dark') html.dataset['theme'] = theme;

createRoot(document.getElementById('root')!).render(
  <TextsContext value={texts}>
    {gallery ? <GalleryPage /> : <App page={page} ticket={SessionClient.takeTicket()} />}
  </TextsContext>,
);
