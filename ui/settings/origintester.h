// SPDX-License-Identifier: MIT
#pragma once

#include <QStringList>
#include <QWidget>

class QLabel;
class QLineEdit;
class QPushButton;

namespace rr {

/// What would become of a page, if these were the allowed origins.
struct OriginVerdict
{
    // Plain, for lupdate 6.8 loses the namespace of what follows a scoped or typed enumeration inside a struct.
    enum Kind { NothingAsked, NotAnOrigin, LetIn, Refused };

    Kind kind = Kind::NothingAsked;
    QString origin; ///< what a browser sends for the address that was typed
    QString by; ///< the entry that lets it in
    QString reason; ///< why it is not an origin, as a sentence
};

/// `typed`: an origin, or the address of a page.
OriginVerdict judgeOrigin(const QString &typed, const QStringList &allowedOrigins);

/// A box to try an origin in: would it be let in? If not, it can be added.
class OriginTester : public QWidget
{
    Q_OBJECT
public:
    explicit OriginTester(QWidget *parent = nullptr);

    void setAllowedOrigins(const QStringList &allowedOrigins); ///< as they stand on the page
    void setMayAdd(bool may) { m_mayAdd = may; } ///< false: the list cannot be changed here

Q_SIGNALS:
    void addRequested(const QString &origin);

private:
    void judge();

    QStringList m_allowedOrigins;
    QLineEdit *m_line;
    QLabel *m_icon;
    QLabel *m_verdict;
    QPushButton *m_add;
    QString m_origin; ///< that the button would add
    bool m_mayAdd = true;
};

} // namespace rr
