import { TextsContext, useTexts } from '../texts/texts.ts';
import { Page } from '../app/Page.tsx';
import { specimens } from './specimens.tsx';
import './gallery.css';

/** Every page and component in every state. `?state=NAME` shows one alone, as it would be on a page of its own. */
export default function Gallery({ state }: { state: string | null }) {
  const texts = useTexts();
  const { say } = texts;
  const chosen = specimens.find((specimen) => specimen.name === state);
  if (chosen !== undefined) return <TextsContext value={texts}>{chosen.show()}</TextsContext>;
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
