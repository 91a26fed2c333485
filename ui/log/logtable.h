// SPDX-License-Identifier: MIT
#pragma once

#include <QTableView>

namespace rr {

class LogModel;

/// Shows a LogModel, on the log page and beside a session. Follows the end until its user scrolls away from
/// it; what is being read then stays in place, also when the oldest entries go.
class LogTable : public QTableView
{
    Q_OBJECT
public:
    explicit LogTable(LogModel &model, QWidget *parent = nullptr);

    bool isFollowing() const { return m_following; }
    void setFollowing(bool following);
    /// The selected entries, or all that are shown when none is, as lines of text.
    void copy() const;

Q_SIGNALS:
    void followingChanged(bool following);

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void changeEvent(QEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void fitColumns();
    void fitMessage();
    void scrolled(int value);

    LogModel &m_model;
    bool m_following = true;
    bool m_adjusting = false; ///< the scroll bar moves by our will, not the user's
};

} // namespace rr
