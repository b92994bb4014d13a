import './presence.css';

/** The accent's one meaning: someone is here. A ring while they look or are awaited, filled while they can touch. */
export function Presence({ strong = false }: { strong?: boolean }) {
  return <span className={`presence ${strong ? 'strong' : ''}`} aria-hidden="true" />;
}
