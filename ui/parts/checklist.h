// SPDX-License-Identifier: MIT
#pragma once

#include "core/sharing/checkstep.h"
#include "ui/parts/tone.h"

#include <QList>
#include <QWidget>

#include <functional>

class QVBoxLayout;

namespace rr {

class CheckRow;

Tone toneOf(CheckStep::Result result);
QString wordOf(CheckStep::Result result); ///< "Good"

/// Steps of a check as they come: what each is about, how it went in a word and a sign, what was found, and what to do. A row
/// takes the focus, and a screen reader then reads all of it.
class CheckList : public QWidget
{
    Q_OBJECT
public:
    /// `titleOf`: what a step is called.
    explicit CheckList(std::function<Sentence(QLatin1String id)> titleOf, QWidget *parent = nullptr);

    void show(const QList<CheckStep> &steps);
    const QList<CheckStep> &steps() const { return m_steps; }
    /// As text, a line or two a step.
    QString report() const;

private:
    std::function<Sentence(QLatin1String id)> m_titleOf;
    QVBoxLayout *m_column;
    QList<CheckStep> m_steps;
    QList<CheckRow *> m_rows;
};

} // namespace rr
