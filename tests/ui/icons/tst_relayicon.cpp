// SPDX-License-Identifier: MIT
#include "tests/support/contrast.h"
#include "tests/support/relaytest.h"
#include "ui/icons/glyphicon.h"
#include "ui/icons/relayicon.h"

#include <QGuiApplication>
#include <QImage>
#include <QPainter>
#include <QPalette>
#include <QTest>

using namespace rr;

namespace {

QImage drawn(
    int pixels, IconState state, int calls, IconLook look = IconLook::Coloured, const QColor &ink = Qt::black)
{
    return relayPixmap(pixels, state, calls, look, ink).toImage().convertToFormat(QImage::Format_ARGB32);
}

} // namespace

class TestRelayIcon : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void sizes_data()
    {
        QTest::addColumn<int>("pixels");
        for (const int pixels : {16, 20, 22, 24, 32, 40, 48, 64, 96})
            QTest::addRow("%d", pixels) << pixels;
    }

    void sizes()
    {
        QFETCH(int, pixels);
        // Each state can be told from the others, also without colours.
        for (const IconLook look : {IconLook::Coloured, IconLook::Monochrome}) {
            QList<QImage> images{drawn(pixels, IconState::Off, 0, look),
                drawn(pixels, IconState::Idle, 0, look), drawn(pixels, IconState::Live, 1, look),
                drawn(pixels, IconState::Live, 2, look), drawn(pixels, IconState::OffAttention, 0, look),
                drawn(pixels, IconState::OnAttention, 0, look), drawn(pixels, IconState::Unchecked, 0, look),
                drawn(pixels, IconState::Failing, 0, look), drawn(pixels, IconState::OnAttention, 3, look)};
            for (QImage &image : images) {
                QCOMPARE(image.size(), QSize(pixels, pixels));
                QImage panel(image.size(), QImage::Format_RGB32);
                panel.fill(Qt::white);
                QPainter(&panel).drawImage(0, 0, image);
                image = panel.convertToFormat(QImage::Format_Grayscale8);
            }
            for (qsizetype i = 0; i < images.size(); ++i) {
                for (qsizetype j = 0; j < i; ++j)
                    QVERIFY(images[i] != images[j]);
            }
        }
    }

    void barsFallOnWholePixels_data()
    {
        QTest::addColumn<int>("pixels");
        for (const int pixels : {16, 24, 32, 48})
            QTest::addRow("%d", pixels) << pixels;
    }
    void barsFallOnWholePixels()
    {
        QFETCH(int, pixels);
        const QImage image = drawn(pixels, IconState::Idle, 0);
        const QColor tile = image.pixelColor(pixels / 16, pixels / 2);
        for (int x = 0; x < pixels; ++x) {
            const QColor color = image.pixelColor(x, pixels / 2);
            QVERIFY2(
                color.alpha() < 255 || color == tile || color == QColor(Qt::white), qPrintable(color.name()));
        }
    }

    void readableOnAnyPanel()
    {
        // WCAG 2.1, 1.4.11: 3:1 for what is not text.
        for (const IconState state : {IconState::Off, IconState::Idle, IconState::Unchecked}) {
            const QColor tile = drawn(32, state, 0).pixelColor(16, 2);
            QVERIFY(contrast(tile, Qt::white) >= 3);
            QVERIFY(contrast(tile, QColor(0x20, 0x20, 0x20)) >= 3);
        }
    }

    void onIsNeverRed()
    {
        for (const IconState state :
            {IconState::Idle, IconState::Live, IconState::OnAttention, IconState::Failing}) {
            const QImage image = drawn(48, state, 3);
            for (int y = 0; y < 48; ++y) {
                for (int x = 0; x < 48; ++x) {
                    const QColor color = image.pixelColor(x, y);
                    const bool reddish = color.hsvHue() < 30 || color.hsvHue() > 330; // amber is at 37
                    QVERIFY2(
                        !reddish || color.alpha() < 128 || color.hsvSaturation() < 64 || color.value() < 64,
                        qPrintable(color.name()));
                }
            }
        }
    }

    void attentionKeepsOnAndOffApart()
    {
        const auto tile = [](IconState state) { return drawn(48, state, 0).pixelColor(24, 2); };
        QCOMPARE(tile(IconState::OffAttention), tile(IconState::Off));
        QCOMPARE(tile(IconState::OnAttention), tile(IconState::Idle));
        QVERIFY(tile(IconState::Off) != tile(IconState::Idle));
        // Green is for what works.
        QCOMPARE(tile(IconState::Failing), tile(IconState::Unchecked));
        QVERIFY(tile(IconState::Failing) != tile(IconState::Idle));
        QVERIFY(tile(IconState::Failing) != tile(IconState::Off));
        // The badge says that something is wrong, in both alike.
        const auto badge = [](IconState state) { return drawn(48, state, 0).pixelColor(27, 34); };
        QCOMPARE(badge(IconState::OffAttention), badge(IconState::OnAttention));
        QVERIFY(badge(IconState::OffAttention) != badge(IconState::Off));
    }

    void manyCallsFit()
    {
        QVERIFY(drawn(48, IconState::Live, 99) != drawn(48, IconState::Live, 100));
        QCOMPARE(drawn(48, IconState::Live, 100), drawn(48, IconState::Live, 5'000));
        QCOMPARE(drawn(16, IconState::Live, 10), drawn(16, IconState::Live, 5'000));
        // Beside the exclamation mark, too.
        for (const int pixels : {16, 24, 48}) {
            QVERIFY(drawn(pixels, IconState::OnAttention, 0) != drawn(pixels, IconState::OnAttention, 2));
            QVERIFY(drawn(pixels, IconState::OnAttention, 2) != drawn(pixels, IconState::OnAttention, 3));
        }
    }

    void monochromeHasOneColour()
    {
        const QImage image = drawn(32, IconState::Idle, 0, IconLook::Monochrome, Qt::white);
        for (int y = 0; y < 32; ++y) {
            for (int x = 0; x < 32; ++x) {
                const QColor color = image.pixelColor(x, y);
                QVERIFY(color.alpha() < 250 || color == QColor(Qt::white));
            }
        }
    }

    void glyphsFollowThePalette()
    {
        QPalette palette;
        palette.setColor(QPalette::ButtonText, Qt::magenta);
        QGuiApplication::setPalette(palette);
        const QImage image = glyphIcon(Glyph::Stop).pixmap(16, 16).toImage();
        QCOMPARE(image.pixelColor(8, 8), QColor(Qt::magenta));
        QGuiApplication::setPalette(QPalette());
    }
};

RELAY_TEST(TestRelayIcon)
#include "tst_relayicon.moc"
