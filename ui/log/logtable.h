// SPDX-License-Identifier: MIT
#pragma once

#include "ui/table/tableview.h"

namespace rr {

class LogModel;

/// Shows a LogModel, on the log page and beside a call. Follows the end until its user scrolls away from
/// it; what is being read then stays in place, also when the oldest entries go.
class LogTable : public TableView
{
    Q_OBJECT
public:
    explicit LogTable(LogModel &model, QWidget *parent = nullptr);

    bool isFollowing() const { return m_following; }
    void setFollowing(bool following);
    void copy() const override; ///< as lines of text

Q_SIGNALS:
    void followingChanged(bool following);

protected:
    void fitColumns() override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void fitMessage();
    void scrolled(int value);

    LogModel &m_model;
    bool m_following = true;
    bool m_adjusting = false; ///< the scroll bar moves by our will, not the user's
};

} // namespace rr
