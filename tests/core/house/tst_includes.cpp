// SPDX-License-Identifier: MIT
// The arrows of the house point down: app → ui → core, and inside core only relay/ and simulator/ use the others.
#include <QDirIterator>
#include <QFile>
#include <QMap>
#include <QRegularExpression>
#include <QTest>

using namespace Qt::StringLiterals;

namespace {

/// What a folder may include besides its own: other folders ("core/http/"), single headers ("core/http/x.h"), or
/// all of core ("core/").
const QMap<QString, QStringList> allowed{
    {u"core/config"_s, {}},
    {u"core/eventloop"_s, {}},
    {u"core/http"_s, {u"core/monitor/snapshot.h"_s}},
    {u"core/admission"_s, {u"core/config/settings.h"_s, u"core/config/originpattern.h"_s}},
    {u"core/realtime"_s,
        {u"core/config/secret.h"_s, u"core/http/requesthead.h"_s, u"core/monitor/sessionrecord.h"_s}},
    {u"core/monitor"_s, {u"core/config/settings.h"_s, u"core/realtime/eventtype.h"_s}},
    {u"core/websocket"_s, {u"core/realtime/upstreamfailure.h"_s}},
    {u"core/simulator"_s, {u"core/http/requesthead.h"_s}},
    {u"core/relay"_s,
        {u"core/config/"_s, u"core/http/"_s, u"core/admission/"_s, u"core/realtime/"_s, u"core/monitor/"_s,
            u"core/websocket/"_s, u"core/eventloop/"_s}},
    {u"ui"_s, {u"core/"_s}},
    {u"app"_s, {u"core/"_s, u"ui/"_s}},
};

/// "core/http" for core/http/x.cpp, "ui" for anything in ui/.
QString folderOf(const QString &path)
{
    const QStringList parts = path.split(u'/');
    return parts[0] == "core"_L1 && parts.size() > 2 ? parts[0] + u'/' + parts[1] : parts[0];
}

QStringList sources()
{
    const QDir root(QStringLiteral(RELAY_SOURCE_DIR));
    QStringList result;
    for (const QString &part : {u"core"_s, u"ui"_s, u"app"_s}) {
        QDirIterator files(
            root.filePath(part), {u"*.h"_s, u"*.cpp"_s}, QDir::Files, QDirIterator::Subdirectories);
        while (files.hasNext())
            result.append(root.relativeFilePath(files.next()));
    }
    return result;
}

/// What is between the brackets or quotation marks of every include.
QStringList includesOf(const QString &path)
{
    QFile file(QStringLiteral(RELAY_SOURCE_DIR) + u'/' + path);
    if (!file.open(QIODevice::ReadOnly))
        qFatal("%s cannot be read", qPrintable(path));
    static const QRegularExpression include(
        u"^\\s*#\\s*include\\s*[<\"]([^>\"]+)[>\"]"_s, QRegularExpression::MultilineOption);
    QStringList result;
    auto matches = include.globalMatch(QString::fromUtf8(file.readAll()));
    while (matches.hasNext())
        result.append(matches.next().captured(1));
    return result;
}

bool mayInclude(const QString &folder, const QString &header)
{
    if (header.startsWith(folder + u'/'))
        return true;
    const QStringList others = allowed.value(folder);
    return std::any_of(others.begin(), others.end(), [&header](const QString &other) {
        return other.endsWith(u'/') ? header.startsWith(other) : header == other;
    });
}

} // namespace

class tst_Includes : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void arrowsPointDown()
    {
        QStringList wrong;
        int own = 0;
        for (const QString &path : sources()) {
            const QString folder = folderOf(path);
            if (!allowed.contains(folder))
                wrong.append(path + u": its folder has no line in this test"_s);
            for (const QString &header : includesOf(path)) {
                const QString part = header.section(u'/', 0, 0);
                if (part == "tests"_L1) {
                    wrong.append(path + u" includes "_s + header);
                } else if (part == "core"_L1 || part == "ui"_L1 || part == "app"_L1) {
                    ++own;
                    if (!mayInclude(folder, header))
                        wrong.append(path + u" includes "_s + header);
                }
            }
        }
        QVERIFY(own > 100); // the search found something at all
        QVERIFY2(wrong.isEmpty(), qPrintable(wrong.join(u'\n')));
    }

    void qtModules_data()
    {
        QTest::addColumn<QString>("part");
        QTest::addColumn<QString>("except");
        QTest::addColumn<QString>("pattern");
        QTest::newRow("QWebSocket only in core/websocket")
            << u"core/"_s << u"core/websocket/"_s << u"^(QtWebSockets/)?QWebSocket|^QMaskGenerator"_s;
        QTest::newRow("no Gui and no Widgets in core")
            << u"core/"_s << QString()
            << u"^Qt(Gui|Widgets|DBus)|^Q(Gui|Widget|Application|Icon|Color|Font|Painter|Pixmap|Image|SystemTray|DBus)"_s;
    }
    void qtModules()
    {
        QFETCH(QString, part);
        QFETCH(QString, except);
        QFETCH(QString, pattern);
        const QRegularExpression forbidden(pattern);
        QStringList wrong;
        for (const QString &path : sources()) {
            if (!path.startsWith(part) || (!except.isEmpty() && path.startsWith(except)))
                continue;
            for (const QString &header : includesOf(path)) {
                if (forbidden.match(header).hasMatch())
                    wrong.append(path + u" includes "_s + header);
            }
        }
        QVERIFY2(wrong.isEmpty(), qPrintable(wrong.join(u'\n')));
    }
};

QTEST_GUILESS_MAIN(tst_Includes)
#include "tst_includes.moc"
