/**
 * The error catalogue: every reason for which a message may be refused, with a text for people and the rule behind it.
 * Workflow failures, the CLI, the HTTP problems and the portal's texts derive from this table.
 */

interface RefusalKind {
  /** What is wrong and what to do, for people; in English, and in Chinese. */
  text: string;
  zh: string;
  /** The rule behind it, when there is one. */
  rule?: string;
}

const kind = (text: string, zh: string, rule?: string): RefusalKind =>
  rule === undefined ? { text, zh } : { text, zh, rule };

export const refusals = {
  'message.invalid': kind(
    'The message does not have the form that the message table asks for. Correct the fields named in the detail.',
    '消息格式不符合要求，请更正详情中指出的字段。',
  ),
  'message.unknown': kind(
    'There is no message of that name. `ta message list` shows them all.',
    '没有这种消息。`ta message list` 可列出全部消息。',
  ),
  'message.id-reused': kind(
    'This message id was used before with another body. Send a new message under a new id.',
    '该消息编号已用于其他内容，请换新编号重新发送。',
  ),
  'actor.role-not-allowed': kind('The sender’s role may not do this.', '发送方的角色不能进行此操作。'),
  'actor.not-a-party': kind('The sender is not a party to this order.', '发送方不是该订单的当事方。'),
  'order.not-found': kind(
    'There is no such order. Check the id, or start the order first.',
    '没有该订单。请核对订单号，或先创建订单。',
  ),
  'order.exists': kind('An order with this id exists already. Use a new id.', '该订单号已存在，请换新的订单号。'),
  'order.wrong-state': kind(
    'The order is not in a state in which this message has a meaning.',
    '订单当前状态下不能进行此操作。',
  ),
  'order.halted': kind(
    'The order has halted on a failure that an operator must clear; nothing was changed. Try again later.',
    '订单因故障暂停，须由运营人员处理；未作任何更改。请稍后再试。',
  ),
  'order.without-workflow': kind(
    'The order is open, yet its workflow is gone; nothing was changed. An operator must recover it.',
    '订单未结束，但其流程已丢失；未作任何更改。须由运营人员恢复。',
  ),
  'order.closed': kind('The order has ended; nothing more can be done to it.', '订单已结束，不能再作任何操作。'),
  'order.incomplete': kind(
    'The contract is not complete. Fill in the fields named in the detail.',
    '合同填写不完整，请补全详情中列出的字段。',
    'R53',
  ),
  'order.inconsistent': kind(
    'The parts of the contract contradict each other. See the detail.',
    '合同各部分相互矛盾，请见详情。',
    'R53',
  ),
  'revision.stale': kind(
    'The contract has been revised since. Read the newest revision and answer that one.',
    '合同已有新版本。请查看最新版本后再操作。',
    'R52',
  ),
  'revision.empty': kind('The revision changes nothing.', '本次修改没有任何变化。', 'R52'),
  'member.not-found': kind('There is no such member.', '没有该会员。'),
  'supplier.not-china': kind(
    'Trade Assurance is for China suppliers, without Hong Kong, Macao and Taiwan.',
    '信用保障仅面向中国大陆供应商，不含香港、澳门和台湾。',
    'R12',
  ),
  'supplier.not-a-supplier': kind(
    'The supplier’s account is not a paid China supplier membership.',
    '该供应商账号不是中国供应商付费会员。',
    'R12',
  ),
  'supplier.not-activated': kind(
    'The supplier has not activated Trade Assurance. It must apply and be approved first.',
    '供应商尚未开通信用保障，须先申请并获批准。',
    'R13',
  ),
  'supplier.suspended': kind(
    'Trade Assurance is suspended for this supplier after upheld complaints.',
    '因投诉成立，该供应商的信用保障已停用。',
    'R58',
  ),
  'buyer.account-not-eligible': kind(
    'The buyer needs a buyer account: overseas free or overseas paid.',
    '买家须使用买家账号：海外免费或海外付费会员。',
    'R41',
  ),
  'buyer.region-not-served': kind(
    'Buyers of this country or destination cannot use Trade Assurance.',
    '该国家或目的地的买家不能使用信用保障。',
    'R45',
  ),
  'buyer.is-supplier': kind('Supplier and buyer are the same member.', '供应商与买家是同一会员。'),
  'payment.entry-conflict': kind(
    'The bank reported this entry before, with another amount or for another order. An operator must look into it.',
    '银行此前已报告过这笔入账，但金额或订单不同，须由运营人员核查。',
    'R30',
  ),
  'payment.end-conflict': kind(
    'The bank or the processor reported the opposite end of this payment before. An operator must look into it with them.',
    '银行或支付机构此前已报告这笔款项的相反结果，须由运营人员与其核查。',
    'R30',
  ),
  'payment.entry-unknown': kind(
    'No such entry of the bank was booked for this order.',
    '该订单没有这笔银行入账。',
    'R30',
  ),
  'payment.window-open': kind(
    'The buyer still has time to pay; the order can be closed only after the 15 days.',
    '买家仍在付款期限内；15 天期满后才能关闭订单。',
    'R29',
  ),
  'payment.money-present': kind(
    'Money has arrived for this order, so it can no longer be cancelled by one side.',
    '订单已有款项到账，不能再由单方取消。',
    'R57',
  ),
  'reminder.too-soon': kind(
    'The other side was reminded a short while ago. Try again later.',
    '不久前已提醒过对方，请稍后再试。',
    'R55',
  ),
  'export.duplicate': kind(
    'This export service order or declaration is registered already, with other content.',
    '该出口服务订单或报关单已登记，但内容不同。',
    'R6',
  ),
  'export.unknown': kind(
    'There is no such export service order or declaration on this order.',
    '该订单没有这个出口服务订单或报关单。',
    'R6',
  ),
  'export.in-future': kind(
    'The word of customs is dated in the future. Correct the date, or send it again then.',
    '海关信息的日期晚于当前时间。请更正日期，或届时再发送。',
    'R32',
  ),
  'export.set-complete': kind(
    'The set of export service orders was marked complete; no more can be added.',
    '出口服务订单已标记为齐全，不能再添加。',
    'R32',
  ),
  'export.released': kind(
    'Customs has released this declaration; it can no longer be cancelled.',
    '海关已放行该报关单，不能再取消。',
    'R32',
  ),
  'export.none': kind(
    'No export service order is registered; there is nothing to mark complete.',
    '尚未登记任何出口服务订单，无法标记为齐全。',
    'R32',
  ),
  'answer.already-extended': kind('This side has extended the period once already.', '该方已延长过一次期限。', 'R34'),
  'review.already-given': kind('This side has reviewed the order already.', '该方已评价过此订单。', 'R35'),
  'effect.unknown': kind('There is no failed effect of that id on this order.', '该订单没有这个编号的失败操作。'),
  'message.too-large': kind(
    'The message is larger than an order can take. Refer to documents by a link instead.',
    '消息超出订单可接受的大小，请改用链接引用文件。',
  ),
  'message.failed': kind(
    'The message could not be worked out; nothing was changed. This is a fault of ours: report it with the detail.',
    '消息无法处理；未作任何更改。这是我方故障，请附详情反馈。',
  ),
  'order.not-in-scheme': kind(
    'The order’s scheme has no such step; see the detail for what it has instead.',
    '该订单的交易方式没有此步骤，详情说明了替代的步骤。',
  ),
  'order.way-in': kind(
    'An order cannot be begun in this way. See the detail.',
    '不能以这种方式创建订单，请见详情。',
    'R28',
  ),
  'revision.not-offered': kind(
    'The other side has not confirmed this revision; there is nothing to decline yet.',
    '对方尚未确认该版本，还没有可拒绝的内容。',
    'R57',
  ),
  'payment.id-reused': kind(
    'This payment id was used before with other terms. Pay under a new id.',
    '该付款编号已用于其他条件，请换新编号付款。',
    'R48',
  ),
  'payment.method-not-offered': kind(
    'This method is not one that the contract and the scheme offer.',
    '合同和交易方式不支持这种付款方式。',
    'R26',
  ),
  'payment.method-cap': kind(
    'The amount is above what one payment by this method may be.',
    '金额超出这种付款方式的单笔上限。',
    'R26',
  ),
  'payment.currency-mismatch': kind(
    'The amount is not in the currency of the order.',
    '金额的币种与订单不一致。',
    'R15',
  ),
  'payment.quote-mismatch': kind(
    'The surcharge is not the one quoted. Ask for the quote again; it is in the detail.',
    '手续费与报价不符，请重新获取报价；详情中有最新报价。',
    'R48',
  ),
  'payment.charge-pending': kind(
    'A charge is under way. Wait for the processor’s answer.',
    '有一笔扣款正在处理，请等待支付机构答复。',
    'R48',
  ),
  'payment.more-than-due': kind('The amount is more than what is outstanding.', '金额超过尚欠金额。', 'R31'),
  'payment.balance-due': kind(
    'The contract asks for the balance before shipment, and it has not arrived yet.',
    '合同约定发货前付清尾款，尾款尚未到账。',
    'R25',
  ),
  'suspense.not-applicable': kind(
    'The money in suspense cannot be applied to this order.',
    '挂账款项不能用于该订单。',
    'R30',
  ),
  'suspense.not-found': kind('There is no such item in suspense.', '没有该挂账项目。', 'R30'),
  'suspense.not-open': kind(
    'This item is not open any more; see its state in the detail.',
    '该项目已不在待处理状态，详情说明了其状态。',
    'R30',
  ),
  'suspense.not-approved': kind(
    'Two operators must first have said that this item belongs to the order.',
    '须先由两名运营人员认定该款项属于此订单。',
    'R30',
  ),
  'refund.more-than-paid': kind(
    'A refund cannot be more than what was paid and has not gone back yet.',
    '退款不能超过已付且尚未退回的金额。',
    'R20',
  ),
  'supplier.balance-short': kind(
    'The supplier’s balance does not reach to this refund.',
    '供应商余额不足以支付这笔退款。',
    'R57',
  ),
  'export.forwarder-missing': kind(
    'Ex works, the buyer’s forwarder declares: name it, with the OneTouch papers.',
    '工厂交货（EXW）时由买家的货代报关：请填写货代及一达通单证号。',
    'R44',
  ),
  'export.forwarder-not-agreed': kind(
    'Only an ex-works order is declared by a forwarder.',
    '只有工厂交货（EXW）的订单才由货代报关。',
    'R44',
  ),
  'shipment.duplicate': kind(
    'The goods were handed to a carrier already, under another number.',
    '货物已用其他单号交给承运人。',
    'R16',
  ),
  'shipment.unknown': kind(
    'There is no shipment with this tracking number on this order.',
    '该订单没有这个运单号的货件。',
    'R16',
  ),
  'shipment.in-future': kind(
    'The word is dated in the future. Correct the date, or send it again then.',
    '该信息的日期晚于当前时间。请更正日期，或届时再发送。',
    'R16',
  ),
  'inspection.no-standard': kind(
    'The contract names no inspection standard to inspect the goods by.',
    '合同没有约定验货标准，无法验货。',
    'R22',
  ),
  'inspection.duplicate': kind(
    'An inspection with this id was requested of another inspector.',
    '该编号的验货已委托其他验货机构。',
    'R22',
  ),
  'inspection.unknown': kind('There is no such inspection on this order.', '该订单没有这次验货。', 'R22'),
  'proposal.not-open': kind(
    'This proposal is not open. Read the newest one and answer that.',
    '该提议已不在待答复状态，请查看并答复最新的提议。',
    'R57',
  ),
  'proposal.own': kind('A side cannot accept its own proposal.', '不能接受自己提出的提议。', 'R57'),
  'complaint.none': kind('There is no open complaint on this order.', '该订单没有进行中的投诉。', 'R20'),
  'complaint.open': kind(
    'A complaint is open; settle or withdraw it first.',
    '有投诉正在进行，请先协商解决或撤回。',
    'R20',
  ),
  'complaint.kind-not-offered': kind(
    'The order’s scheme has no complaint of this kind.',
    '该订单的交易方式没有这类投诉。',
    'R20',
  ),
  'complaint.not-now': kind(
    'There is nothing to complain of in this way yet, or it is too late.',
    '尚无可如此投诉的事由，或已超过期限。',
    'R20',
  ),
  'complaint.more-than-paid': kind('The claim is more than what was paid.', '索赔金额超过已付金额。', 'R20'),
  'complaint.answered': kind('The complaint has been answered already.', '该投诉已经答复过。', 'R20'),
  'complaint.too-early': kind(
    'The two have until then to settle the complaint between them.',
    '在此之前由双方自行协商解决。',
    'R20',
  ),
  'complaint.not-escalated': kind(
    'The platform rules once the complaint has been escalated.',
    '投诉升级后才由平台裁决。',
    'R20',
  ),
  'ruling.award': kind(
    'The award does not fit the outcome. See the detail.',
    '判付金额与裁决结果不符，请见详情。',
    'R20',
  ),
  'award.none': kind('Nothing of an award is owed on this order.', '该订单没有尚欠的判付款项。', 'R2'),
  'award.not-repaid': kind(
    'The supplier has not repaid any of it yet. It is paid to the buyer by itself once the supplier has.',
    '供应商尚未偿还；偿还后将自动付给买家。',
    'R2',
  ),
  'refund.account-not-needed': kind(
    'No refund of this order waits for an account: refunds go back to the account that the money came from.',
    '该订单没有待填写收款账户的退款；退款原路退回。',
    'R57',
  ),
  'approval.pending': kind(
    'Something else waits for approval. Have it approved or turned down first.',
    '另有事项等待复核，请先通过或驳回。',
    'R20',
  ),
  'approval.none': kind('There is nothing of that number to approve.', '没有该编号的待复核事项。', 'R20'),
  'approval.same-operator': kind(
    'Another operator must approve what this one has put forward.',
    '须由另一名运营人员复核。',
    'R20',
  ),
  'file.not-taken': kind(
    'A file must be a PDF, a PNG or a JPEG of at most 10 MB.',
    '文件须为 PDF、PNG 或 JPEG，且不超过 10 MB。',
    'R20',
  ),
  'order.limit-reached': kind(
    'The order holds as many of these as one order can. An operator must look into it.',
    '该订单的此类记录已达上限，须由运营人员处理。',
  ),
  'commit.failed': kind(
    'The change could not be stored; nothing was changed. An operator must look into it.',
    '更改无法保存；未作任何更改。须由运营人员处理。',
  ),
  'funds.order-not-yours': kind(
    'The supplier has no order of that id, so it has no money of it.',
    '供应商没有该订单，因此没有其款项。',
    'R18',
  ),
  'funds.amount-exceeds-order': kind(
    'That is more than the supplier may still collect of this order. Its statement shows how much there is.',
    '超出该订单可提取的金额，可在账单中查看余额。',
    'R18',
  ),
  'funds.balance-short': kind('The supplier’s balance does not cover this.', '供应商余额不足。', 'R9'),
  'funds.debt-outstanding': kind(
    'The supplier owes the platform money. Nothing is paid out or settled in any currency until that is repaid.',
    '供应商对平台有欠款，还清之前任何币种都不能提现或结汇。',
    'R2',
  ),
  'withdrawal.not-awaiting': kind('This withdrawal does not wait for an approval.', '该提现无需复核。', 'R9'),
  'withdrawal.lapsed': kind(
    'Nobody approved this withdrawal within 7 days. Ask for it again.',
    '该提现 7 天内无人复核，请重新申请。',
    'R9',
  ),
  'payee.not-registered': kind(
    'Money is paid out to a registered payee only. Have an owner or finance user register the account first.',
    '只能提现到已登记的收款账户，请先由所有者或财务人员登记该账户。',
    'R9',
  ),
  'payee.waiting': kind(
    'This payee was registered a short while ago. A second person of the company confirms it, or the waiting period passes.',
    '该收款账户刚登记，须由公司另一人确认，或等待期满后方可使用。',
    'R9',
  ),
  'payee.exists': kind('This account is registered already.', '该账户已登记。', 'R9'),
  'payee.too-many': kind(
    'The supplier has as many payees as can be registered. Remove one first.',
    '收款账户数量已达上限，请先移除一个。',
    'R9',
  ),
  'payee.not-found': kind('The supplier has no such payee.', '供应商没有该收款账户。', 'R9'),
  'payee.removed': kind(
    'This payee has been removed. Register the account again.',
    '该收款账户已移除，请重新登记。',
    'R9',
  ),
  'approval.same-person': kind(
    'A second person of the company must do this, signed in under a user name of its own.',
    '须由公司另一名用户本人登录办理。',
  ),
  'withdrawal.channel': kind(
    'A channel pays its own currency only: USD the dollars, CNY what was settled into CNY before.',
    '每个渠道只支付其币种：美元渠道支付美元，人民币渠道支付已结汇的人民币。',
    'R9',
  ),
  'withdrawal.below-fee': kind(
    'Nothing would be left to pay out once the fee of the channel is taken.',
    '扣除渠道手续费后没有可支付的金额。',
    'R9',
  ),
  'withdrawal.not-found': kind('There is no such withdrawal.', '没有该提现。'),
  'fx.quote-expired': kind('The bank’s quote holds no longer. Ask for a new one.', '银行报价已失效，请重新询价。'),
  'fx.refused': kind(
    'The bank does not settle this; the money is the supplier’s again. Ask for a new quote.',
    '银行不办理该笔结汇，款项已退回供应商账户。请重新询价。',
  ),
  'fx.not-found': kind('There is no such settlement.', '没有该结汇。'),
  'statement.too-long': kind(
    'The period holds more postings than one statement takes. Choose a shorter one.',
    '该期间的记账笔数超出一份账单的容量，请缩短期间。',
  ),
  'actor.user-unknown': kind('The member has no active user of that name.', '该会员没有这个在用的用户。'),
  'actor.user-not-allowed': kind(
    'The user’s role in its company does not allow this. Ask an owner of the company.',
    '该用户在公司中的角色不允许此操作，请联系公司的所有者。',
  ),
  'actor.not-the-member': kind('The sender is not the member whom this is about.', '发送方不是所涉及的会员。'),
  'user.exists': kind('The company has a user of that id or e-mail address already.', '公司已有该编号或邮箱的用户。'),
  'user.not-found': kind('The company has no such user.', '公司没有该用户。'),
  'user.owner-needed': kind(
    'Of a company’s active users one at least must be its owner.',
    '公司的在用用户中至少要有一名所有者。',
  ),
  'user.too-many': kind('The company has as many users on record as one can have.', '公司登记的用户数已达上限。'),
  'decision.same-person': kind(
    'Two people decide this: whoever proposed or verified it cannot approve it.',
    '此事须由两人决定：提议或核实的人不能批准。',
  ),
  'member.not-suspended': kind(
    'The supplier is not suspended, so there is nothing to reinstate.',
    '该供应商未被停用，无需恢复。',
    'R58',
  ),
  'reinstatement.open': kind(
    'Another reinstatement waits for approval. Approve it, or decline it first.',
    '另有一项恢复申请等待批准，请先批准或驳回。',
    'R58',
  ),
  'reinstatement.not-proposed': kind(
    'No reinstatement waits for approval. Another operator proposes one first.',
    '没有待批准的恢复申请，须先由另一名运营人员提出。',
    'R58',
  ),
  'member.erased': kind(
    'What was known of this member’s people has been erased. It trades no more, and nothing of them is stored again.',
    '该会员的个人信息已删除，不再交易，也不再保存其个人信息。',
  ),
  'member.in-trade': kind(
    'The member has orders, money or a request under way. End them first: until then the contract needs its people.',
    '该会员尚有进行中的订单、资金或申请，请先了结；在此之前履行合同需要其个人信息。',
  ),
  'erasure.open': kind(
    'Another erasure waits for approval. Approve it, or decline it first.',
    '另有一项删除申请等待批准，请先批准或驳回。',
  ),
  'erasure.not-proposed': kind(
    'No erasure waits for approval. Another operator proposes one first.',
    '没有待批准的删除申请，须先由另一名运营人员提出。',
  ),
  'file.erased': kind(
    'The file was erased with the personal data of who handed it in.',
    '该文件已随提交者的个人信息一并删除。',
  ),
  'enrolment.not-found': kind('The supplier has not applied for Trade Assurance.', '该供应商尚未申请信用保障。', 'R13'),
  'enrolment.not-needed': kind(
    'Trade Assurance is activated for this supplier already.',
    '该供应商已开通信用保障。',
    'R13',
  ),
  'enrolment.wrong-state': kind(
    'The application is not in a state in which this has a meaning.',
    '申请当前状态下不能进行此操作。',
    'R13',
  ),
  'enrolment.closed': kind('The application has ended. Apply again.', '申请已结束，请重新申请。', 'R13'),
  'enrolment.too-soon': kind(
    'A refused supplier may apply again only after a while. The detail says when.',
    '被拒绝的供应商须过一段时间才能再次申请，时间见详情。',
    'R13',
  ),
  'enrolment.score-too-low': kind(
    'The company’s verification is below what Trade Assurance asks for.',
    '公司核实评分低于信用保障的要求。',
    'R13',
  ),
  'enrolment.too-many-documents': kind(
    'The application holds as many documents as one can.',
    '申请中的文件数已达上限。',
    'R13',
  ),
  'enrolment.without-workflow': kind(
    'The application is open, yet its workflow is gone; nothing was changed. The supplier applies again to go on.',
    '申请未结束，但其流程已丢失；未作任何更改。供应商重新申请即可继续。',
  ),
  'inbox.id-reused': kind(
    'This delivery’s id came before with other content. Deliver new content under a new id.',
    '该投递编号此前已用于其他内容，请换新编号投递新内容。',
  ),
  'inbox.not-found': kind(
    'There is no such delivery, or no such row of one, in the inbox.',
    '收件箱中没有此投递或其中的此条目。',
  ),
  'inbox.row-not-dead': kind(
    'Only a row that is dead can be closed. What is parked goes on by itself.',
    '只有待人工处理的条目可以关闭；等待中的条目会自行继续。',
  ),
  'feed.profile-unknown': kind(
    'There is no format of that name. `ta feed profiles` shows them all.',
    '没有该名称的格式。`ta feed profiles` 可列出全部格式。',
  ),
  'feed.source-not-found': kind('There is no such source of feeds.', '没有此数据源。'),
  'feed.source-exists': kind(
    'There is a source of that id already. Rotate its secret, or choose another id.',
    '该编号的数据源已存在。请更换其密钥，或另选编号。',
  ),
  'feed.kind-mismatch': kind('This format is not one of this kind of feed.', '该格式不属于此类数据源。'),
  'feed.source-not-allowed': kind('This credential may not deliver what this is.', '该凭证无权投递此类内容。'),
  'webhook.not-found': kind(
    'There is no such webhook, or it is another member’s.',
    '没有该 webhook，或它属于其他会员。',
  ),
  'webhook.too-many': kind(
    'The owner has as many webhooks as one can have. Remove one first.',
    'webhook 数量已达上限，请先删除一个。',
  ),
  'webhook.url-not-allowed': kind(
    'Webhooks are sent over https to public addresses only. TA_WEBHOOK_ALLOW_PRIVATE allows others, for development.',
    'webhook 只能通过 https 发往公网地址；开发环境可设置 TA_WEBHOOK_ALLOW_PRIVATE。',
  ),
} as const satisfies Record<string, RefusalKind>;

export type RefusalCode = keyof typeof refusals;

/** Why a message was refused: a stable code, a text for people, the rule, and where it is wrong. */
export interface Refusal {
  refused: RefusalCode;
  text: string;
  rule?: string;
  /** What exactly is wrong and where, e.g. `data.amount: expected an integer`. */
  detail?: string;
}

/** Most characters of a detail: it may quote what somebody sent, and refusals are kept on the order. */
const maxDetail = 1000;

/** A refusal of this code, with its text and rule from the catalogue. */
export function refuse(code: RefusalCode, detail?: string): Refusal {
  const { text, rule } = refusals[code];
  return { refused: code, text, ...(rule && { rule }), ...(detail && { detail: detail.slice(0, maxDetail) }) };
}

export const isRefusal = (value: unknown): value is Refusal =>
  typeof value === 'object' && value !== null && 'refused' in value;
