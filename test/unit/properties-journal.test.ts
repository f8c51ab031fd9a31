/**
 * Properties of what is stored, over random walks of both schemes: the projection is the fold of the journal and nothing
 * besides, has its form and can be shown; and a message that comes again has no second effect (R30, R32). How to play a
 * failing walk again: `test/support/arbitraries.ts`.
 */
import { callOf } from '../../domain/effects';
import { journalEntry, type JournalEntry } from '../../domain/events';
import { fold } from '../../domain/evolve';
import { order as orderForm, openComplaint } from '../../domain/order';
import { isRefusal } from '../../domain/refusal';
import { viewOf } from '../../domain/view';
import { completeness } from '../../domain/contract';
import { isTaken, onWalks, walks } from '../support/arbitraries';
import { play } from '../support/builders';
import { must, same } from '../support/must';
import { sequences } from '../support/sequences';

const json = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe('the journal (fast-check)', () => {
  test('the projection equals the fold of the journal, in memory and through JSON', () => {
    onWalks(
      walks(),
      sequences.projection,
      () => undefined,
      ({ deals }) => {
        for (const { order, journal } of deals) {
          expect(fold(journal)).toEqual(order);
          expect(fold(json(journal) as JournalEntry[])).toEqual(order && json(order));
          journal.forEach((entry, index) => same('a version without a gap', entry.version, index + 1));
        }
      },
    );
  });

  test('every entry and every order has its form, can be shown, and asks for effects that can be called', () => {
    onWalks(walks(), sequences.forms, (market, step) => {
      const { outcome, deal } = step;
      if (isRefusal(outcome)) must(`no fault of ours: ${outcome.detail ?? ''}`, outcome.refused !== 'message.failed');
      if (!isTaken(step) || isRefusal(outcome) || !deal.order) return;
      journalEntry.parse(json(outcome.entry));
      orderForm.parse(json(deal.order));
      // R53: what is told of a confirmed contract is what looking at it would find.
      expect(viewOf(deal.order).completeness).toEqual(completeness(deal.order.contract));
      for (const effect of market.pending(deal)) callOf(deal.order, effect, market.now);
      must('one complaint at a time', deal.order.complaints.filter(({ closed }) => !closed).length <= 1);
      must(
        'an order with an open complaint has not ended',
        !openComplaint(deal.order) || deal.order.endedAt === undefined,
      );
      must('an order with effects has not ended', deal.order.effects.length === 0 || deal.order.endedAt === undefined);
    });
  });

  test('a message that comes again at once changes nothing, under its own id or another', () => {
    onWalks(walks(), sequences.repeated, (market, step) => {
      const { outcome, deal, post, around } = step;
      if (!isTaken(step) || isRefusal(outcome) || !outcome.entry) return;
      const { role: as, member } = outcome.entry.actor;
      const again = play(deal.order, post.name, post.data, { as, member, at: market.now, id: 'again', around });
      if (!isRefusal(again)) same(`what ${post.name} does again`, again.events.map(({ type }) => type).join(), '');
      const version = deal.order?.version;
      market.send(deal, post, outcome.entry.messageId);
      same('the version after a repeated id', deal.order?.version, version);
    });
  });
});
