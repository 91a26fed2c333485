// SPDX-License-Identifier: MIT
#include "ui/table/findfield.h"

#include <QShortcut>

namespace rr {

FindField::FindField(const QString &toolTip, QWidget *page)
    : QLineEdit(page)
{
    setClearButtonEnabled(true);
    setToolTip(toolTip.arg(QKeySequence(QKeySequence::Find).toString(QKeySequence::NativeText)));
    auto *find = new QShortcut(QKeySequence::Find, page);
    find->setContext(Qt::WidgetWithChildrenShortcut);
    connect(find, &QShortcut::activated, this, [this] {
        setFocus(Qt::ShortcutFocusReason);
        selectAll();
    });
}

} // namespace rr
