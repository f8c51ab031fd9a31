/** What the order waits for, in one line, from where the reader sits. */
import type { OrderView } from '../../domain/view';
import { useReader } from '../language';
import { awaitedWords } from '../awaited-words';

export function Awaited({ view }: { view: OrderView }) {
  const { say } = useReader();
  return <>{say(awaitedWords(view))}</>;
}
