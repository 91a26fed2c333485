// SPDX-License-Identifier: MIT
#include "app/desktop/language.h"

#include <QCoreApplication>
#include <QLibraryInfo>
#include <QLocale>

namespace rr {

using namespace Qt::StringLiterals;

Language::~Language()
{
    QCoreApplication::removeTranslator(&m_program);
    QCoreApplication::removeTranslator(&m_qt);
}

void Language::use(const QString &name)
{
    QCoreApplication::removeTranslator(&m_program);
    QCoreApplication::removeTranslator(&m_qt);
    const QLocale locale = name.isEmpty() ? QLocale::system() : QLocale(name);
    QLocale::setDefault(locale);
    // English has a file of its own, for its plurals, and is what any other language falls back on.
    if (m_program.load(locale, u"realtime-relay"_s, u"_"_s, u":/i18n"_s)
        || m_program.load(u":/i18n/realtime-relay_en"_s))
        QCoreApplication::installTranslator(&m_program);
    // windeployqt puts Qt's texts together as "qt".
    const QString folder = QLibraryInfo::path(QLibraryInfo::TranslationsPath);
    if (m_qt.load(locale, u"qtbase"_s, u"_"_s, folder) || m_qt.load(locale, u"qt"_s, u"_"_s, folder))
        QCoreApplication::installTranslator(&m_qt);
}

} // namespace rr
