/** R47, R49: what the buyer reads on its way, in the guide's own words; wherever the buyer is told of a step, it is by these. */
export const wording = {
  confirm: { en: 'Preview and Confirm order', zh: '预览并确认订单' },
  pay: { en: 'Go to Pay', zh: '去付款' },
  delivery: { en: 'Delivery details', zh: '物流详情' },
} as const;
