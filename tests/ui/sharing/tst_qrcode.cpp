// SPDX-License-Identifier: MIT
#include "ui/sharing/qrcode.h"

#include "tests/support/relaytest.h"
#include "ui/parts/copybutton.h"
#include "ui/sharing/qrimage.h"

#include <QApplication>
#include <QClipboard>
#include <QDialog>
#include <QPainter>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

using namespace rr;
using namespace Qt::StringLiterals;

namespace {

const QString shortLink = u"https://relay.example.org/try#k=kq3Xz0_yPq81vN-aLmT5cg"_s;
const QString longLink
    = u"https://words-that-somebody-made-up.trycloudflare.com/try#k=kq3Xz0_yPq81vN-aLmT5cg"_s;

} // namespace

class TestQrCode : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void camerasReadIt_data()
    {
        QTest::addColumn<bool>("dark");
        QTest::addColumn<double>("ratio");
        QTest::addColumn<QString>("address");
        for (const bool dark : {false, true}) {
            for (const double ratio : {1.0, 1.5, 2.0}) {
                for (const QString &address : {shortLink, longLink})
                    QTest::addRow("%s, %g, %d", dark ? "dark" : "light", ratio, int(address.size()))
                        << dark << ratio << address;
            }
        }
    }
    void camerasReadIt()
    {
        QFETCH(bool, dark);
        QFETCH(double, ratio);
        QFETCH(QString, address);
        const QString zbarimg = QStandardPaths::findExecutable(u"zbarimg"_s);
#ifndef Q_OS_LINUX
        if (zbarimg.isEmpty())
            QSKIP("zbarimg is not here.");
#endif
        QVERIFY2(!zbarimg.isEmpty(), "zbarimg is missing: apt-get install zbar-tools");
        const QImage seen = drawn(address, ratio, dark);
        QTemporaryDir folder;
        const QString file = folder.filePath(u"seen.png"_s);
        QVERIFY(seen.save(file));
        QProcess reader;
        reader.start(zbarimg, {u"--quiet"_s, u"--raw"_s, u"-Sdisable"_s, u"-Sqrcode.enable"_s, file});
        QVERIFY(reader.waitForFinished());
        QCOMPARE(QString::fromUtf8(reader.readAllStandardOutput()).trimmed(), address);
    }

    /// Sharp at every scale, wherever it stands: no pixel of the code is between black and white.
    void drawsInWholePixels()
    {
        for (const double ratio : {1.0, 1.5, 2.0}) {
            const QImage seen = drawn(shortLink, ratio, true);
            const QImage code = qrImage(shortLink, int(side * ratio));
            QVERIFY(code.width() >= 200 * ratio);
            // Somewhere in the picture, it is there as it was made.
            bool found = false;
            for (int y = 0; y <= seen.height() - code.height() && !found; ++y) {
                for (int x = 0; x <= seen.width() - code.width() && !found; ++x) {
                    if (seen.pixelColor(x + code.width() / 2, y + code.height() / 2)
                        == code.pixelColor(code.width() / 2, code.height() / 2))
                        found = seen.copy(x, y, code.width(), code.height()).convertToFormat(code.format())
                            == code;
                }
            }
            QVERIFY2(found, qPrintable(QString::number(ratio)));
        }
    }

    void keepsItsQuietZone()
    {
        const QImage code = qrImage(shortLink, 300);
        // Behind it, the first row of the finder pattern is black for seven modules.
        int zone = 0;
        while (code.pixelColor(zone, zone) == Qt::white)
            ++zone;
        int finder = 0;
        while (code.pixelColor(zone + finder, zone) == Qt::black)
            ++finder;
        QCOMPARE(zone * 7, finder * 4);
        for (int i = 0; i < code.width(); ++i) {
            for (int edge = 0; edge < zone; ++edge) {
                QCOMPARE(code.pixelColor(i, edge), QColor(Qt::white));
                QCOMPARE(code.pixelColor(edge, i), QColor(Qt::white));
                QCOMPARE(code.pixelColor(i, code.height() - 1 - edge), QColor(Qt::white));
                QCOMPARE(code.pixelColor(code.width() - 1 - edge, i), QColor(Qt::white));
            }
        }
    }

    void whatCannotBeDrawnIsNot()
    {
        QVERIFY(qrImage(QString(5000, u'x'), 1000).isNull());
        QVERIFY(qrImage(shortLink, 30).isNull());
    }

    void aClickShowsItLarge()
    {
        QrCode code(side);
        code.setAddress(shortLink);
        code.show();
        QTest::mouseClick(&code, Qt::LeftButton);
        auto *dialog = code.findChild<QDialog *>();
        QVERIFY(dialog);
        auto *large = dialog->findChild<QrCode *>();
        QCOMPARE(large->address(), shortLink);
        QVERIFY(large->width() > code.width());
        dialog->findChild<CopyButton *>()->click();
        QCOMPARE(QApplication::clipboard()->text(), shortLink);
        for (const QWidget *widget : QApplication::allWidgets()) {
            for (const QString &text : {widget->windowTitle(), widget->toolTip(), widget->accessibleName()})
                QVERIFY2(!text.contains("kq3Xz0"_L1), qPrintable(text));
        }
        QTest::mouseClick(large, Qt::LeftButton);
        QVERIFY(!dialog->isVisible());
        QCOMPARE(code.accessibleName(), u"QR code of the link"_s);
    }

    void theLargeOneGoesWithTheLink()
    {
        QrCode code(side);
        code.setAddress(shortLink);
        code.show();
        QTest::mouseClick(&code, Qt::LeftButton);
        const auto *dialog = code.findChild<QDialog *>();
        code.setAddress(shortLink);
        QVERIFY(dialog->isVisible());
        code.setAddress({});
        QVERIFY(!dialog->isVisible());
    }

private:
    static constexpr int side = 226;

    /// In a window of that colour and scale, at a place that is no whole pixel at 1.5.
    static QImage drawn(const QString &address, double ratio, bool dark)
    {
        QWidget window;
        QPalette ground;
        ground.setColor(QPalette::Window, dark ? QColor(0x26, 0x28, 0x2c) : QColor(0xef, 0xef, 0xef));
        window.setPalette(ground);
        window.resize(side + 40, side + 40);
        auto *code = new QrCode(side, &window);
        code->setAddress(address);
        code->setGeometry(7, 5, side, side);
        QImage image((QSizeF(window.size()) * ratio).toSize(), QImage::Format_RGB32);
        image.setDevicePixelRatio(ratio);
        window.render(&image);
        image.setDevicePixelRatio(1);
        return image;
    }
};

RELAY_TEST(TestQrCode)
#include "tst_qrcode.moc"
