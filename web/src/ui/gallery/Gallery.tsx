import { useEffect, useSyncExternalStore } from 'react';
import { TextsContext, useTexts } from '../texts/texts.ts';
import { Page } from '../app/Page.tsx';
import { specimens } from './specimens.tsx';
import './gallery.css';

/** Every page and component in every state. `?state=NAME` shows one alone, as it would be on a page of its own; back and forward change it without loading anew. */
export default function Gallery() {
  const texts = useTexts();
  const { say } = texts;
  const state = useSyncExternalStore(subscribe, shownState);
  const chosen = specimens.find((specimen) => specimen.name === state);
  // For scripts that go from one to the next: this one stands.
  useEffect(() => { document.documentElement.dataset['shown'] = chosen?.name ?? ''; }, [chosen]);
  if (chosen !== undefined) return <TextsContext key={chosen.name} value={texts}>{chosen.show()}</TextsContext>;
  const groups = [...new Set(specimens.map((specimen) => specimen.group))];
  return (
    <Page className="gallery">
      <h1>{say('gallery.title')}</h1>
      <p className="quiet-text">{say('gallery.lead')}</p>
      {groups.map((group) => (
        <section key={group}>
          <h2>{group}</h2>
          <ul>
            {specimens.filter((specimen) => specimen.group === group).map(({ name }) => (
              <li key={name}>
                <a href={`?state=${name}`}>{name}</a>
                <a className="small" href={`?state=${name}&theme=light`}>light</a>
                <a className="small" href={`?state=${name}&theme=dark`}>dark</a>
                <a className="small" href={`?state=${name}&lang=de`}>de</a>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </Page>
  );
}

function subscribe(changed: () => void): () => void {
  addEventListener('popstate', changed);
  return () => removeEventListener('popstate', changed);
}

function shownState(): string | null {
  return new URLSearchParams(location.search).get('state');
}
