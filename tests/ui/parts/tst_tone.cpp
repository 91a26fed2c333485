// SPDX-License-Identifier: MIT
#include "ui/parts/tone.h"

#include "tests/support/contrast.h"
#include "tests/support/relaytest.h"

#include <QApplication>
#include <QTest>

using namespace rr;
using namespace Qt::StringLiterals;

namespace {

constexpr std::array tones{Tone::Quiet, Tone::Working, Tone::Good, Tone::Warning, Tone::Bad};

QPalette onGround(const QColor &ground)
{
    const QColor ink = ground.lightnessF() < 0.5 ? Qt::white : Qt::black;
    return QPalette(ink, ground, ground.lighter(), ground.darker(), ground, ink, ink, ground, ground);
}

} // namespace

class TestTone : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void canBeReadOnLightAndDark_data()
    {
        QTest::addColumn<QColor>("ground");
        QTest::newRow("light") << QColor(0xef, 0xef, 0xef);
        QTest::newRow("dark") << QColor(0x26, 0x28, 0x2c);
    }
    void canBeReadOnLightAndDark()
    {
        QFETCH(QColor, ground);
        for (const Tone tone : tones) {
            const double seen = contrast(toneInk(tone, onGround(ground)), ground);
            QVERIFY2(seen >= 4.5, qPrintable(u"%1: %2"_s.arg(int(tone)).arg(seen))); // WCAG 2.1, 1.4.3
        }
    }

    /// Without colours, too: each has a sign of its own, in white that stands out from its disc.
    void signsTellThemApart()
    {
        QList<QImage> signs;
        for (const Tone tone : tones) {
            const QImage badge = toneBadge(tone, 16, 2).toImage();
            QCOMPARE(badge.size(), QSize(32, 32));
            const QColor disc = badge.pixelColor(16, 3); // above the sign
            QVERIFY(contrast(disc, Qt::white) >= 3); // WCAG 2.1, 1.4.11
            QImage sign(badge.size(), QImage::Format_Mono);
            for (int y = 0; y < badge.height(); ++y) {
                for (int x = 0; x < badge.width(); ++x)
                    sign.setPixel(x, y,
                        badge.pixelColor(x, y).alpha() > 0 && badge.pixelColor(x, y).lightnessF() > 0.8);
            }
            QVERIFY(!signs.contains(sign));
            signs.append(sign);
        }
    }
};

RELAY_TEST(TestTone)
#include "tst_tone.moc"
