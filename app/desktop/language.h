// SPDX-License-Identifier: MIT
#pragma once

#include <QString>
#include <QTranslator>

namespace rr {

/// The language of the user interface: installs the translations built into the program, and Qt's own where
/// they are. One at a time; main thread.
class Language
{
public:
    Language() = default;
    ~Language();
    Language(const Language &) = delete;
    Language &operator=(const Language &) = delete;

    /// `name`: "de", "en"; empty: the system's. Widgets made before keep their language.
    void use(const QString &name);

private:
    QTranslator m_program;
    QTranslator m_qt;
};

} // namespace rr
