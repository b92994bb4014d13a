import { useState } from 'react';
import type { PageTarget } from '../../browser/target.ts';
import { StartPage } from '../start/StartPage.tsx';
import { ownStore, rememberAsk, rememberedAsk } from './ask.ts';
import { useOffer } from './server.ts';
import { systemOf } from './system.ts';

export function App({ page }: { page: PageTarget }) {
  const [ask, setAsk] = useState(() => rememberedAsk(ownStore()));
  const offer = useOffer();
  return (
    <StartPage
      offer={offer}
      system={systemOf(navigator)}
      origin={location.origin}
      onGiven={() => undefined}
      ask={ask}
      onAsk={(next) => { setAsk(next); rememberAsk(ownStore(), next); }}
      onJoin={() => undefined}
      onOpen={() => undefined}
    />
  );
}
