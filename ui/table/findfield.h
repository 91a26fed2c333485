// SPDX-License-Identifier: MIT
#pragma once

#include <QLineEdit>

namespace rr {

/// Where one types what a page is searched for: the system's keys for that lead to it from anywhere in the page.
/// Main thread.
class FindField : public QLineEdit
{
    Q_OBJECT
public:
    /// `toolTip`: with %1 for those keys.
    FindField(const QString &toolTip, QWidget *page);
};

} // namespace rr
