// SPDX-License-Identifier: MIT
#include "ui/overview/numberrow.h"

#include "ui/control/displaytext.h"
#include "ui/control/relaycontrol.h"
#include "ui/parts/plainlabel.h"

#include <QGridLayout>
#include <QLabel>

namespace rr {

using namespace Qt::StringLiterals;

namespace {

// Without ": quint8": lupdate would lose the class behind it, and the texts below would stay English.
enum NumberIndex { CallsNow, CallsInAll, Messages, Traffic, Errors, Refused, Uptime, NumberCount };

} // namespace

NumberRow::NumberRow(QWidget *parent)
    : QGroupBox(tr("Since the start"), parent)
{
    auto *row = new QGridLayout(this);
    const QString names[NumberCount] = {tr("Calls now"), tr("Calls in all"), tr("Messages"), tr("Traffic"),
        tr("Errors"), tr("Turned away"), tr("Uptime")};
    for (int i = 0; i < NumberCount; ++i) {
        const Number number{plainLabel(this, largeText, true), plainLabel(this)};
        number.name->setText(names[i]);
        number.value->setAlignment(Qt::AlignHCenter);
        number.name->setAlignment(Qt::AlignHCenter);
        row->addWidget(number.value, 0, i);
        row->addWidget(number.name, 1, i);
        row->setColumnStretch(i, 1);
        m_numbers.append(number);
    }
    m_numbers[Errors].value->setObjectName(u"errors"_s);
    m_numbers[Refused].value->setObjectName(u"refused"_s);
    m_numbers[CallsInAll].value->setObjectName(u"callsInAll"_s);
    m_numbers[Errors].value->setToolTip(
        tr("Calls that failed or were cut off; the page of the calls says why"));
}

void NumberRow::show(const RelayControl &control)
{
    const Snapshot &snapshot = control.latest();
    const RunTotals totals = control.totals();
    m_numbers[CallsNow].value->setText(countText(snapshot.activeConnections));
    m_numbers[CallsInAll].value->setText(countText(totals.calls));
    m_numbers[Messages].value->setText(countText(totals.messages));
    m_numbers[Traffic].value->setText(bytesText(totals.bytes));
    m_numbers[Errors].value->setText(countText(totals.errors));
    m_numbers[Refused].value->setText(countText(totals.refusedInAll()));
    m_numbers[Uptime].value->setText(
        snapshot.state == RelayState::Stopped ? u"\u2013"_s : durationText(snapshot.uptimeMs));
    for (const Number &number : std::as_const(m_numbers))
        number.value->setAccessibleName(number.name->text() + u": "_s + number.value->text());

    QStringList reasons{tr("Before a call, by the relay itself")};
    for (auto refused = totals.refused.cbegin(); refused != totals.refused.cend(); ++refused)
        reasons.append(u"%1: %2"_s.arg(QString::fromLatin1(refused.key()), countText(refused.value())));
    m_numbers[Refused].value->setToolTip(reasons.join(u'\n'));
}

} // namespace rr
