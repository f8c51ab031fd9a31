/** What is beside the fields of a form: the contract that is about to be confirmed, and what a payment costs in all (R47, R48). */
import { Card, Text } from '@mantine/core';
import type { OrderPageAnswer } from '../../clients/http/portal/answers';
import { fieldWords, transportWords } from '../../domain/vocabulary';
import { useReader } from '../language';
import { Facts, Money } from '../parts';
import { words } from '../words';
import { surchargeOf, type Values } from './forms';

interface Props {
  page: OrderPageAnswer;
  values: Values;
}

/** “Preview and Confirm order”: what the two agree on, in short. */
export function ContractPreview({ page: { view } }: Props) {
  const { say, quantity, day, country } = useReader();
  const { product, shipping, payment } = view.contract;
  return (
    <Card withBorder padding="sm">
      <Text fw={600} size="sm" mb={6}>
        {say(words.order.revision(view.revision))}
      </Text>
      <Facts
        of={[
          [
            fieldWords.lines,
            (product?.lines ?? []).map((line, index) => (
              <div key={index}>
                {line.name}: {quantity(line.quantity ?? 0, line.unit)} ×{' '}
                {line.unitPrice && <Money of={line.unitPrice} />}
              </div>
            )),
          ],
          shipping?.freight && [fieldWords.freight, <Money of={shipping.freight} />],
          view.total && [words.order.total, <b>{<Money of={view.total} />}</b>],
          payment?.advancePercent !== undefined && [fieldWords.advancePercent, `${String(payment.advancePercent)} %`],
          shipping?.incoterm && [
            fieldWords.incoterm,
            [
              shipping.incoterm,
              shipping.method && say(transportWords[shipping.method]),
              shipping.destination && country(shipping.destination),
            ]
              .filter(Boolean)
              .join(' · '),
          ],
          shipping?.shipBy !== undefined && [fieldWords.shipBy, day(shipping.shipBy)],
          view.coverEstimate && [words.order.guarantee, <Money of={view.coverEstimate} />],
        ]}
      />
    </Card>
  );
}

/** R48: the surcharge is shown before anything is charged. */
export function PaymentSum({ page, values }: Props) {
  const { number } = useReader();
  const terms = surchargeOf(values, page);
  if (!terms) return null;
  const { percent, surcharge, amount } = terms;
  return (
    <Facts
      of={[
        [words.card.surcharge(number(percent)), <Money of={surcharge} />],
        [
          words.card.inAll,
          <b>
            <Money of={{ ...amount, amount: amount.amount + surcharge.amount }} />
          </b>,
        ],
      ]}
    />
  );
}
