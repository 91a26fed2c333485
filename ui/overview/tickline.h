// SPDX-License-Identifier: MIT
#pragma once

#include <QWidget>

class QLabel;

namespace rr {

enum class Tick : quint8 {
    Done,
    Open, ///< nothing is wrong; it is not done, or not known, yet
    Attention,
};

/// A line of what is to be done, ticked or not: a sign in colour, which a screen reader is told in a word, and a sentence, which
/// says it, too. Main thread.
class TickLine : public QWidget
{
    Q_OBJECT
public:
    explicit TickLine(QWidget *parent = nullptr);

    /// Told to who listens when another tick is set than before.
    void show(Tick tick, const QString &text);
    Tick tick() const { return m_tick; }
    QString text() const;

private:
    void drawSign();

    Tick m_tick = Tick::Open;
    bool m_isShown = false;
    QLabel *m_sign;
    QLabel *m_text;
};

/// The room that the sign takes, for what stands below the text.
int tickIndent(const QWidget &widget);

} // namespace rr
