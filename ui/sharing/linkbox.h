// SPDX-License-Identifier: MIT
#pragma once

#include "core/sharing/linkforms.h"

#include <QWidget>

class QLineEdit;
class QPlainTextEdit;
class QTabBar;

namespace rr {

class QrCode;

/// The link of a share to be given out: a QR code for a phone, the address that a person opens, the forms that programs take,
/// and a note for a colleague, each with a button that copies it. All of it holds the secret.
class LinkBox : public QWidget
{
    Q_OBJECT
public:
    explicit LinkBox(QWidget *parent = nullptr);

    void show(const LinkForms &forms);

private:
    void showForm();
    QString form() const;

    LinkForms m_forms;
    QrCode *m_code;
    QLineEdit *m_tryLink;
    QTabBar *m_tabs;
    QPlainTextEdit *m_text;
};

} // namespace rr
