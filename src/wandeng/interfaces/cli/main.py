"""``wandeng``: one program, a command for each thing a person does."""

from __future__ import annotations

import os
import sqlite3
import sys
from typing import NoReturn

import django
import typer
from django.conf import settings
from django.db import DatabaseError
from rich.console import Console

from wandeng.kernel.errors import Refused

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wandeng.config.settings")
django.setup()

from wandeng.interfaces.cli import (  # noqa: E402  (commands read models, so Django comes first)
    accounts,
    appointment,
    bank,
    bill,
    bill_check,
    bill_compare,
    bill_pdf,
    board,
    calc,
    case,
    connection,
    contracts,
    credentials,
    crew,
    cutting,
    demo,
    doctor,
    dunning,
    evidence,
    find,
    hall,
    imports,
    incident,
    indicators,
    install,
    ivr,
    knowledge,
    ledger,
    loss,
    notices,
    online,
    outage,
    outage_month,
    outlet,
    payments,
    people,
    prepay,
    prices,
    rationing,
    readings,
    reliability,
    rereads,
    resident,
    sales,
    serve,
    setup,
    sheet,
    simbench,
    sms,
    storm,
    supply_status,
    switching,
    till,
    timetable,
    trace,
    vehicle,
    voltage,
    webhooks,
    work,
)

app = typer.Typer(
    no_args_is_help=True, pretty_exceptions_enable=False, help="Wandeng 万灯: customer service of a power utility."
)


app.command("init")(install.init)
app.command("demo")(demo.demo)
app.command("doctor")(doctor.doctor)
app.command("demo-files")(demo.write_files)
app.add_typer(appointment.app, name="appointment")
app.add_typer(bank.app, name="bank")
app.add_typer(bill.app, name="bill")
bill.app.command("check")(bill_check.check)
bill.app.command("compare")(bill_compare.compare)
bill.app.command("pdf")(bill_pdf.pdf)
bill.app.command("queue")(work.queue_bill_run)
app.add_typer(calc.app, name="calc")
app.add_typer(case.app, name="case")
app.add_typer(connection.app, name="connection")
app.add_typer(contracts.app, name="contracts")
app.add_typer(crew.app, name="crew")
app.add_typer(evidence.app, name="evidence")
app.add_typer(ivr.app, name="ivr")
app.add_typer(sms.app, name="sms")
app.add_typer(incident.app, name="incident")
app.add_typer(incident.permit, name="permit")
app.add_typer(cutting.cut, name="cut")
app.add_typer(cutting.restore, name="restore")
app.command("find")(find.find)
app.add_typer(find.app, name="search")
app.add_typer(imports.app, name="import")
imports.app.command("simbench")(simbench.import_simbench)
app.add_typer(knowledge.app, name="knowledge")
app.add_typer(knowledge.standard, name="standard")
app.add_typer(ledger.app, name="ledger")
app.add_typer(sales.app, name="sales")
outage.app.add_typer(outage_month.app, name="month")
app.add_typer(outage.app, name="outage")
app.add_typer(loss.app, name="loss")
app.add_typer(reliability.app, name="reliability")
app.add_typer(storm.app, name="storm")
app.add_typer(voltage.app, name="voltage")
app.add_typer(board.app, name="board")
app.add_typer(hall.app, name="hall")
app.add_typer(outlet.app, name="outlet")
app.add_typer(outlet.circle, name="circle")
app.add_typer(rationing.app, name="rationing")
app.add_typer(sheet.app, name="sheet")
app.add_typer(dunning.app, name="dunning")
app.add_typer(payments.app, name="pay")
app.add_typer(online.app, name="online")
app.add_typer(prepay.app, name="prepay")
app.add_typer(prices.app, name="prices")
app.add_typer(people.contacts, name="contacts")
app.add_typer(accounts.app, name="people")
app.add_typer(setup.parameters, name="parameters")
app.add_typer(setup.dictionaries, name="dictionaries")
app.add_typer(setup.announce, name="announce")
app.add_typer(setup.brand, name="brand")
app.command("indicators")(indicators.indicators)
people.people.command("set-password")(credentials.password)
people.people.command("token")(credentials.token)
app.add_typer(readings.app, name="readings")
readings.app.add_typer(rereads.rereads, name="reread")
readings.app.add_typer(rereads.routes, name="route")
app.add_typer(notices.app, name="notices")
app.command("serve")(serve.serve)
app.add_typer(supply_status.app, name="status")
app.command("switch")(switching.switch)
app.add_typer(till.app, name="till")
app.add_typer(timetable.app, name="timetable")
app.command("trace")(trace.trace)
app.add_typer(resident.app, name="resident")
app.add_typer(vehicle.app, name="vehicle")
app.command("worker")(work.worker)
app.add_typer(work.jobs_app, name="jobs")
app.add_typer(webhooks.app, name="webhooks")


def main() -> None:
    """Run a command; a refusal is one sentence on standard error and exit code 2."""
    if not sys.stdout.isatty():
        # A table in a file or a pipe needs no room for somebody's terminal: nothing is cut off.
        os.environ.setdefault("COLUMNS", "160")
    try:
        app()
    except Refused as refusal:
        _refuse(refusal.message, refusal.code)
    except (DatabaseError, sqlite3.Error):
        if install.is_prepared():
            raise
        _refuse(f"this installation ({settings.HOME}) has no tables yet: run 'wandeng init' first", "NOT_PREPARED")


def _refuse(sentence: str, code: str) -> NoReturn:
    Console(stderr=True).print(f"[bold red]✗[/] {sentence}  [dim]({code})[/]", highlight=False)
    sys.exit(2)


if __name__ == "__main__":
    main()
