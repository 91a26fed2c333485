// SPDX-License-Identifier: MIT
// A file of tests that CMake was not told of is a test that cannot fail.
#include "tests/support/relaytest.h"

#include <QDirIterator>
#include <QProcess>
#include <QRegularExpression>
#include <QSet>
#include <QTest>

using namespace Qt::StringLiterals;

namespace {

QStringList linesOf(const QByteArray &text)
{
    return QString::fromUtf8(text).split(u'\n', Qt::SkipEmptyParts);
}

/// What ctest would run: "core/http/tst_response", "integration/closing".
QSet<QString> knownToCtest()
{
    QProcess ctest;
    ctest.setWorkingDirectory(QStringLiteral(RELAY_BINARY_DIR));
    ctest.start(QStringLiteral(RELAY_CTEST), {u"--show-only"_s});
    if (!ctest.waitForFinished(100'000) || ctest.exitCode() != 0)
        qFatal("ctest does not say what it would run: %s", ctest.readAllStandardError().constData());
    static const QRegularExpression entry(u"^ *Test +#\\d+: (\\S+)"_s);
    QSet<QString> names;
    for (const QString &line : linesOf(ctest.readAllStandardOutput()))
        names.insert(entry.match(line).captured(1));
    return names;
}

/// What CMake has left out here, and said so: folders and tests.
QStringList leftOut()
{
    QFile file(QStringLiteral(RELAY_BINARY_DIR "/tests/leftout.txt"));
    if (!file.open(QIODevice::ReadOnly))
        qFatal("%s cannot be read", qPrintable(file.fileName()));
    return linesOf(file.readAll());
}

} // namespace

class tst_Registered : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void everyFileOfTests()
    {
        const QSet<QString> known = knownToCtest();
        const QStringList out = leftOut();
        const QDir root(QStringLiteral(RELAY_SOURCE_DIR "/tests"));
        QStringList missing;
        int files = 0;
        QDirIterator each(
            root.path(), {u"tst_*.cpp"_s, u"*.test.mjs"_s}, QDir::Files, QDirIterator::Subdirectories);
        while (each.hasNext()) {
            const QString path = root.relativeFilePath(each.next());
            if (path.contains(u"/node_modules/"_s))
                continue;
            ++files;
            const QString name = path.section(u'.', 0, 0);
            const bool isLeftOut = std::any_of(out.begin(), out.end(),
                [&name](const QString &one) { return name == one || name.startsWith(one + u'/'); });
            if (!known.contains(name) && !isLeftOut)
                missing.append(path);
        }
        QVERIFY(files > 100); // the search found something at all
        QVERIFY2(missing.isEmpty(), qPrintable(u"ctest does not know "_s + missing.join(u", "_s)));
    }
};

RELAY_TEST(tst_Registered)
#include "tst_registered.moc"
