// SPDX-License-Identifier: MIT
// The arrows of the house point down: app → ui → core, and inside core only relay/ and call/ know the others. What a running
// relay is (app/compose) stands below ui/, for the window shows it, through ui/control alone. No folder and no header leads
// back to itself.
#include "tests/support/relaytest.h"

#include <QDirIterator>
#include <QFile>
#include <QMap>
#include <QRegularExpression>
#include <QSet>
#include <QTest>

using namespace Qt::StringLiterals;

namespace {

/// What a folder may include besides its own: other folders ("core/http/"), single headers ("core/http/x.h"), or
/// all of core ("core/").
const QMap<QString, QStringList> allowed{
    {u"core/base"_s, {}},
    {u"core/config"_s, {u"core/base/"_s}},
    {u"core/eventloop"_s, {}},
    {u"core/http"_s, {u"core/base/"_s, u"core/monitor/snapshot.h"_s}},
    {u"core/admission"_s,
        {u"core/base/"_s, u"core/config/settings.h"_s, u"core/config/originpattern.h"_s,
            u"core/config/secret.h"_s}},
    {u"core/realtime"_s,
        {u"core/base/"_s, u"core/config/secret.h"_s, u"core/config/forwardheader.h"_s, u"core/http/query.h"_s,
            u"core/http/requesthead.h"_s}},
    {u"core/monitor"_s, {u"core/base/"_s, u"core/config/settings.h"_s, u"core/admission/clientaddress.h"_s}},
    {u"core/store"_s,
        {u"core/base/"_s, u"core/config/originpattern.h"_s, u"core/admission/accessbook.h"_s,
            u"core/admission/ledger.h"_s, u"core/monitor/usagetotals.h"_s, u"core/eventloop/callreceiver.h"_s}},
    {u"core/wire"_s,
        {u"core/base/sentence.h"_s, u"core/eventloop/patientnotifier.h"_s, u"core/http/"_s,
            u"core/realtime/upstreamfailure.h"_s}},
    {u"core/simulator"_s,
        {u"core/http/requestbody.h"_s, u"core/http/requesthead.h"_s, u"core/http/statuswords.h"_s}},
    {u"core/call"_s,
        {u"core/base/"_s, u"core/config/"_s, u"core/http/"_s, u"core/admission/"_s, u"core/realtime/"_s,
            u"core/monitor/"_s, u"core/wire/"_s}},
    {u"core/relay"_s,
        {u"core/base/"_s, u"core/call/"_s, u"core/config/"_s, u"core/http/"_s, u"core/admission/"_s,
            u"core/realtime/"_s, u"core/monitor/"_s, u"core/wire/"_s, u"core/eventloop/"_s}},
    {u"core/sharing"_s,
        {u"core/base/"_s, u"core/config/"_s, u"core/wire/"_s, u"core/http/"_s, u"core/admission/"_s,
            u"core/realtime/"_s, u"core/monitor/"_s, u"core/relay/"_s}},
    {u"app/compose"_s, {u"core/"_s}},
    {u"ui/control"_s, {u"core/"_s, u"app/compose/host.h"_s, u"app/compose/sharing.h"_s}},
    {u"ui"_s, {u"core/"_s}},
    {u"app"_s, {u"core/"_s, u"ui/"_s, u"app/compose/"_s}},
};

/// "core/http" for core/http/x.cpp, likewise for what is in app/compose and ui/control; "app" and "ui" for their rest.
QString folderOf(const QString &path)
{
    const QStringList parts = path.split(u'/');
    if ((parts[0] == "core"_L1 || path.startsWith("app/compose/"_L1) || path.startsWith("ui/control/"_L1))
        && parts.size() > 2)
        return parts[0] + u'/' + parts[1];
    return parts[0];
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

/// Of our own only.
QStringList ownIncludesOf(const QString &path)
{
    QStringList result;
    for (const QString &header : includesOf(path)) {
        if (header.startsWith("core/"_L1) || header.startsWith("ui/"_L1) || header.startsWith("app/"_L1))
            result.append(header);
    }
    return result;
}

/// What leads to what.
using Graph = QMap<QString, QSet<QString>>;

/// A way from `node` back to one that is on `way` already, found depth first; empty: there is none. `done`: no circle
/// goes through these.
QStringList circleFrom(const QString &node, const Graph &graph, QStringList &way, QSet<QString> &done)
{
    if (const qsizetype before = way.indexOf(node); before >= 0)
        return way.sliced(before) + QStringList{node};
    if (done.contains(node))
        return {};
    way.append(node);
    for (const QString &next : graph.value(node)) {
        if (const QStringList circle = circleFrom(next, graph, way, done); !circle.isEmpty())
            return circle;
    }
    way.removeLast();
    done.insert(node);
    return {};
}

QString circleIn(const Graph &graph)
{
    QSet<QString> done;
    for (auto node = graph.cbegin(); node != graph.cend(); ++node) {
        QStringList way;
        if (const QStringList circle = circleFrom(node.key(), graph, way, done); !circle.isEmpty())
            return circle.join(u" → "_s);
    }
    return {};
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

    void noCircles_data()
    {
        QTest::addColumn<bool>("ofFolders");
        QTest::newRow("folders") << true;
        QTest::newRow("headers") << false;
    }
    void noCircles()
    {
        QFETCH(bool, ofFolders);
        Graph graph;
        for (const QString &path : sources()) {
            if (!ofFolders && !path.endsWith(".h"_L1)) // nobody includes what is no header
                continue;
            const QString from = ofFolders ? path.section(u'/', 0, -2) : path;
            for (const QString &header : ownIncludesOf(path)) {
                const QString to = ofFolders ? header.section(u'/', 0, -2) : header;
                if (from != to)
                    graph[from].insert(to);
            }
        }
        QVERIFY(graph.size() > 10);
        const QString circle = circleIn(graph);
        QVERIFY2(circle.isEmpty(), qPrintable(circle));
    }

    void qtModules_data()
    {
        QTest::addColumn<QString>("part");
        QTest::addColumn<QString>("except");
        QTest::addColumn<QString>("pattern");
        QTest::newRow("QWebSocket only in core/wire")
            << u"core/"_s << u"core/wire/"_s << u"^(QtWebSockets/)?QWebSocket|^QMaskGenerator"_s;
        QTest::newRow("Qt Sql only in core/store") << QString() << u"core/store/"_s << u"^QtSql|^QSql"_s;
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

RELAY_TEST(tst_Includes)
#include "tst_includes.moc"
