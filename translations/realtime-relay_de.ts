<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de_DE">
<context>
    <name>Autostart</name>
    <message>
        <source>%1 could not be removed. Check its permissions.</source>
        <translation>%1 konnte nicht entfernt werden. Prüfen Sie die Zugriffsrechte.</translation>
    </message>
    <message>
        <source>%1 could not be written: %2.</source>
        <translation>%1 konnte nicht geschrieben werden: %2.</translation>
    </message>
    <message>
        <source>Windows did not let the program change its Run key.</source>
        <translation>Windows hat dem Programm nicht erlaubt, den Run-Schlüssel zu ändern.</translation>
    </message>
</context>
<context>
    <name>DisplayText</name>
    <message>
        <source>%1/s</source>
        <translation>%1/s</translation>
    </message>
    <message>
        <source>%1 d %2</source>
        <translation>%1 T %2</translation>
    </message>
</context>
<context>
    <name>NoticeText</name>
    <message>
        <source>A call has started</source>
        <translation>Ein Anruf hat begonnen</translation>
    </message>
    <message>
        <source>The first one in a while is being relayed.</source>
        <translation>Der erste seit einer Weile wird weitergeleitet.</translation>
    </message>
    <message>
        <source>Calls do not reach the upstream</source>
        <translation>Anrufe erreichen den Zielserver nicht</translation>
    </message>
    <message>
        <source>All places are taken</source>
        <translation>Alle Plätze sind belegt</translation>
    </message>
    <message>
        <source>Callers are turned away. Raise the limit in the settings, or end calls.</source>
        <translation>Anrufer werden abgewiesen. Erhöhen Sie die Grenze in den Einstellungen oder beenden Sie Anrufe.</translation>
    </message>
</context>
<context>
    <name>Settings</name>
    <message>
        <source>The address to listen on: 127.0.0.1 for this machine only, 0.0.0.0 for every network it is in, :: for IPv6 as well.</source>
        <translation>Die Adresse, auf der gelauscht wird: 127.0.0.1 nur für diesen Rechner, 0.0.0.0 für alle seine Netze, :: auch für IPv6.</translation>
    </message>
    <message>
        <source>any free port</source>
        <translation>irgendein freier Port</translation>
    </message>
    <message>
        <source>The TCP port to listen on.</source>
        <translation>Der TCP-Port, auf dem gelauscht wird.</translation>
    </message>
    <message>
        <source>The relay&apos;s certificate with its chain, as PEM. With it and its key, clients connect with wss://; set both or neither.</source>
        <translation>Das Zertifikat des Relays mit seiner Kette, als PEM. Damit und mit dem Schlüssel verbinden sich Clients über wss://; setzen Sie beide oder keines.</translation>
    </message>
    <message>
        <source>The private key of the certificate, as PEM.</source>
        <translation>Der private Schlüssel des Zertifikats, als PEM.</translation>
    </message>
    <message>
        <source>The reverse proxies in front of the relay. Only from these is X-Forwarded-For believed.</source>
        <translation>Die Reverse-Proxys vor dem Relay. Nur ihnen wird X-Forwarded-For geglaubt.</translation>
    </message>
    <message>
        <source>The Realtime API to relay to. It has no query of its own: the client&apos;s is forwarded as received.</source>
        <translation>Die Realtime-API, an die weitergeleitet wird. Sie hat keine eigene Abfrage (Query): die des Clients wird weitergegeben, wie sie kommt.</translation>
    </message>
    <message>
        <source>Certificate authorities (PEM) to trust for the upstream, in the place of the system&apos;s.</source>
        <translation>Zertifizierungsstellen (PEM), denen für den Zielserver vertraut wird, anstelle derer des Systems.</translation>
    </message>
    <message>
        <source>The proxy through which the upstream is reached. When empty, HTTPS_PROXY and NO_PROXY of the environment are honoured.</source>
        <translation>Der Proxy, über den der Zielserver erreicht wird. Ist er leer, gelten HTTPS_PROXY und NO_PROXY der Umgebung.</translation>
    </message>
    <message>
        <source>How long reaching the upstream may take, its answer to the handshake included.</source>
        <translation>Wie lange es dauern darf, den Zielserver zu erreichen, einschließlich seiner Antwort auf den Handshake.</translation>
    </message>
    <message>
        <source>The web pages that may use the relay, by their origin; * is every page. Programs that are no browsers send no origin and are let in.</source>
        <translation>Die Webseiten, die das Relay benutzen dürfen, nach ihrem Ursprung (Origin); * heißt jede Seite. Programme, die keine Browser sind, senden keinen Ursprung und werden eingelassen.</translation>
    </message>
    <message>
        <source>How many sessions may be open at once. More are refused with 503.</source>
        <translation>Wie viele Sitzungen zugleich offen sein dürfen. Weitere werden mit 503 abgelehnt.</translation>
    </message>
    <message>
        <source>no limit</source>
        <translation>keine Grenze</translation>
    </message>
    <message>
        <source>How many sessions one client address may have open at once. More are refused with 429.</source>
        <translation>Wie viele Sitzungen eine Client-Adresse zugleich offen haben darf. Weitere werden mit 429 abgelehnt.</translation>
    </message>
    <message>
        <source>How many new sessions one client address may open a minute. More are refused with 429.</source>
        <translation>Wie viele neue Sitzungen eine Client-Adresse je Minute öffnen darf. Weitere werden mit 429 abgelehnt.</translation>
    </message>
    <message>
        <source>no heartbeat</source>
        <translation>kein Lebenszeichen</translation>
    </message>
    <message>
        <source>How often each side is pinged. A side that answers nothing for two intervals is dead, and its session ends.</source>
        <translation>Wie oft jede Seite angepingt wird. Eine Seite, die zwei Abstände lang nicht antwortet, gilt als tot, und ihre Sitzung endet.</translation>
    </message>
    <message>
        <source>never</source>
        <translation>nie</translation>
    </message>
    <message>
        <source>A session without a message for this long is closed with 4408.</source>
        <translation>Eine Sitzung, die so lange ohne Nachricht ist, wird mit 4408 geschlossen.</translation>
    </message>
    <message>
        <source>A session that has lasted this long is closed with 4409. OpenAI itself ends sessions after 60 minutes.</source>
        <translation>Eine Sitzung, die so lange gedauert hat, wird mit 4409 geschlossen. OpenAI selbst beendet Sitzungen nach 60 Minuten.</translation>
    </message>
    <message>
        <source>How long a client may take to send its request.</source>
        <translation>Wie lange ein Client brauchen darf, um seine Anfrage zu senden.</translation>
    </message>
    <message>
        <source>they are closed at once</source>
        <translation>sie werden sofort geschlossen</translation>
    </message>
    <message>
        <source>How long open sessions may go on when the relay stops. Then they are closed with 1001.</source>
        <translation>Wie lange offene Sitzungen weitergehen dürfen, wenn das Relay anhält. Danach werden sie mit 1001 geschlossen.</translation>
    </message>
    <message>
        <source>A session whose one side has stopped reading for this long, while data waits for it, is closed with 1013.</source>
        <translation>Eine Sitzung, deren eine Seite so lange nicht mehr liest, während Daten auf sie warten, wird mit 1013 geschlossen.</translation>
    </message>
    <message>
        <source>The largest message, either way. A larger one ends its session with 1009.</source>
        <translation>Die größte Nachricht, in beide Richtungen. Eine größere beendet ihre Sitzung mit 1009.</translation>
    </message>
    <message>
        <source>How much may wait in one direction of a session before the relay stops reading what is sent to it.</source>
        <translation>Wie viel in einer Richtung einer Sitzung warten darf, bevor das Relay aufhört zu lesen, was ihm gesendet wird.</translation>
    </message>
    <message>
        <source>How much may wait in all sessions together; at least as much as in one direction.</source>
        <translation>Wie viel in allen Sitzungen zusammen warten darf; mindestens so viel wie in einer Richtung.</translation>
    </message>
    <message>
        <source>The least important lines that are logged.</source>
        <translation>Die unwichtigsten Zeilen, die noch protokolliert werden.</translation>
    </message>
    <message>
        <source>Log lines as text for people, or as JSON, one object a line.</source>
        <translation>Protokollzeilen als Text für Menschen oder als JSON, ein Objekt je Zeile.</translation>
    </message>
    <message>
        <source>Also logs the type and size of every event, never its content.</source>
        <translation>Protokolliert auch Art und Größe jedes Ereignisses, nie seinen Inhalt.</translation>
    </message>
    <message>
        <source>as many as processor cores, at most 4</source>
        <translation>so viele wie Prozessorkerne, höchstens 4</translation>
    </message>
    <message>
        <source>How many threads carry the sessions.</source>
        <translation>Wie viele Threads die Sitzungen tragen.</translation>
    </message>
</context>
<context>
    <name>SleepInhibitor</name>
    <message>
        <source>Calls are live</source>
        <translation>Es laufen Anrufe</translation>
    </message>
</context>
<context>
    <name>Status</name>
    <message>
        <source>The relay could not start: port %1 is in use by another program.</source>
        <translation>Das Relay konnte nicht starten: Port %1 wird von einem anderen Programm benutzt.</translation>
    </message>
    <message>
        <source>Stop that program, or let the relay listen on another port.</source>
        <translation>Beenden Sie dieses Programm oder lassen Sie das Relay auf einem anderen Port lauschen.</translation>
    </message>
    <message>
        <source>The relay could not start: this program may not listen on port %1.</source>
        <translation>Das Relay konnte nicht starten: Dieses Programm darf nicht auf Port %1 lauschen.</translation>
    </message>
    <message>
        <source>Ports below 1024 need a permission. Take a higher one.</source>
        <translation>Ports unter 1024 brauchen eine Berechtigung. Nehmen Sie einen höheren.</translation>
    </message>
    <message>
        <source>The relay could not start: this machine does not have the address it shall listen on.</source>
        <translation>Das Relay konnte nicht starten: Dieser Rechner hat die Adresse nicht, auf der es lauschen soll.</translation>
    </message>
    <message>
        <source>Choose 127.0.0.1 for this machine only, or 0.0.0.0 for every network, in the settings.</source>
        <translation>Wählen Sie in den Einstellungen 127.0.0.1 nur für diesen Rechner oder 0.0.0.0 für jedes Netz.</translation>
    </message>
    <message>
        <source>The relay could not start: its certificate or key cannot be used.</source>
        <translation>Das Relay konnte nicht starten: Sein Zertifikat oder Schlüssel ist nicht brauchbar.</translation>
    </message>
    <message>
        <source>Check the TLS files in the settings.</source>
        <translation>Prüfen Sie die TLS-Dateien in den Einstellungen.</translation>
    </message>
    <message>
        <source>The relay could not start: a setting is wrong.</source>
        <translation>Das Relay konnte nicht starten: Eine Einstellung ist falsch.</translation>
    </message>
    <message>
        <source>The relay could not start.</source>
        <translation>Das Relay konnte nicht starten.</translation>
    </message>
    <message>
        <source>Calls do not reach the upstream.</source>
        <translation>Anrufe erreichen den Zielserver nicht.</translation>
    </message>
    <message>
        <source>The relay&apos;s certificate has expired: browsers refuse to connect.</source>
        <translation>Das Zertifikat des Relays ist abgelaufen: Browser verweigern die Verbindung.</translation>
    </message>
    <message>
        <source>Get a new certificate and choose it in the settings.</source>
        <translation>Besorgen Sie ein neues Zertifikat und wählen Sie es in den Einstellungen.</translation>
    </message>
    <message numerus="yes">
        <source>The relay&apos;s certificate expires in %n day(s).</source>
        <translation>
            <numerusform>Das Zertifikat des Relays läuft in %n Tag ab.</numerusform>
            <numerusform>Das Zertifikat des Relays läuft in %n Tagen ab.</numerusform>
        </translation>
    </message>
    <message>
        <source>Renew it; the relay reads the new file by itself.</source>
        <translation>Erneuern Sie es; das Relay liest die neue Datei von selbst.</translation>
    </message>
    <message>
        <source>All places are taken: callers are turned away.</source>
        <translation>Alle Plätze sind belegt: Anrufer werden abgewiesen.</translation>
    </message>
    <message>
        <source>Raise the limit of calls at once in the settings, or end calls that are no longer needed.</source>
        <translation>Erhöhen Sie in den Einstellungen die Grenze der Sitzungen zugleich oder beenden Sie Anrufe, die niemand mehr braucht.</translation>
    </message>
    <message>
        <source>The relay is off: it could not start.</source>
        <translation>Das Relay ist aus: Es konnte nicht starten.</translation>
    </message>
    <message>
        <source>The relay is off.</source>
        <translation>Das Relay ist aus.</translation>
    </message>
    <message>
        <source>Could not start</source>
        <translation>Konnte nicht starten</translation>
    </message>
    <message>
        <source>Off</source>
        <translation>Aus</translation>
    </message>
    <message>
        <source>Start relay</source>
        <translation>Relay starten</translation>
    </message>
    <message numerus="yes">
        <source>The relay is on, with %n call(s).</source>
        <translation>
            <numerusform>Das Relay ist an, mit %n Anruf.</numerusform>
            <numerusform>Das Relay ist an, mit %n Anrufen.</numerusform>
        </translation>
    </message>
    <message>
        <source>The relay is on and waits for calls.</source>
        <translation>Das Relay ist an und wartet auf Anrufe.</translation>
    </message>
    <message numerus="yes">
        <source>On, %n call(s)</source>
        <translation>
            <numerusform>An, %n Anruf</numerusform>
            <numerusform>An, %n Anrufe</numerusform>
        </translation>
    </message>
    <message>
        <source>On, no calls</source>
        <translation>An, keine Anrufe</translation>
    </message>
    <message>
        <source>Stop relay</source>
        <translation>Relay anhalten</translation>
    </message>
    <message numerus="yes">
        <source>The relay is stopping: %n call(s) may still finish.</source>
        <translation>
            <numerusform>Das Relay hält an: %n Anruf darf noch zu Ende gehen.</numerusform>
            <numerusform>Das Relay hält an: %n Anrufe dürfen noch zu Ende gehen.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Stopping, %n call(s) left</source>
        <translation>
            <numerusform>Hält an, noch %n Anruf</numerusform>
            <numerusform>Hält an, noch %n Anrufe</numerusform>
        </translation>
    </message>
    <message>
        <source>End calls now</source>
        <translation>Anrufe jetzt beenden</translation>
    </message>
    <message>
        <source>Realtime Relay: %1</source>
        <translation>Realtime Relay: %1</translation>
    </message>
    <message>
        <source>(demo)</source>
        <translation>(Demo)</translation>
    </message>
    <message>
        <source>%1 calls so far, %2 messages</source>
        <translation>Bisher %1 Anrufe, %2 Nachrichten</translation>
    </message>
</context>
<context>
    <name>UpstreamCheck</name>
    <message>
        <source>%1 was reached, but does not serve this region.</source>
        <translation>%1 wurde erreicht, bedient aber diese Region nicht.</translation>
    </message>
    <message>
        <source>Run the relay on a machine in a supported region.</source>
        <translation>Lassen Sie das Relay auf einem Rechner in einer unterstützten Region laufen.</translation>
    </message>
    <message>
        <source>%1 was reached, but refuses this machine (HTTP 403).</source>
        <translation>%1 wurde erreicht, weist aber diesen Rechner ab (HTTP 403).</translation>
    </message>
    <message>
        <source>Perhaps this region or network is not supported, or a firewall on the way answers.</source>
        <translation>Vielleicht wird diese Region oder dieses Netz nicht unterstützt, oder eine Firewall auf dem Weg antwortet.</translation>
    </message>
    <message>
        <source>%1 was reached, but has a problem of its own (HTTP %2).</source>
        <translation>%1 wurde erreicht, hat aber selbst ein Problem (HTTP %2).</translation>
    </message>
    <message>
        <source>Try again in a moment.</source>
        <translation>Versuchen Sie es gleich noch einmal.</translation>
    </message>
    <message>
        <source>%1 redirects elsewhere (HTTP %2).</source>
        <translation>%1 leitet anderswohin um (HTTP %2).</translation>
    </message>
    <message>
        <source>Correct the upstream&apos;s address in the settings.</source>
        <translation>Berichtigen Sie die Adresse des Zielservers in den Einstellungen.</translation>
    </message>
    <message>
        <source>%1 was reached; it asks to slow down (HTTP 429).</source>
        <translation>%1 wurde erreicht; er bittet um weniger Anfragen (HTTP 429).</translation>
    </message>
    <message>
        <source>%1 was reached and serves this region; it asks for a key, as it should.</source>
        <translation>%1 wurde erreicht und bedient diese Region; er verlangt einen Schlüssel, wie es sein soll.</translation>
    </message>
    <message>
        <source>%1 was reached and answers (HTTP %2).</source>
        <translation>%1 wurde erreicht und antwortet (HTTP %2).</translation>
    </message>
    <message>
        <source>What answers for %1 is not the Realtime API (HTTP %2).</source>
        <translation>Was für %1 antwortet, ist nicht die Realtime-API (HTTP %2).</translation>
    </message>
    <message>
        <source>Check the upstream&apos;s address in the settings. Where a network asks people to sign in first, do so.</source>
        <translation>Prüfen Sie die Adresse des Zielservers in den Einstellungen. Verlangt das Netz erst eine Anmeldung, melden Sie sich an.</translation>
    </message>
    <message>
        <source>No address was found for %1.</source>
        <translation>Für %1 wurde keine Adresse gefunden.</translation>
    </message>
    <message>
        <source>Check the internet connection and the upstream&apos;s name in the settings.</source>
        <translation>Prüfen Sie die Internetverbindung und den Namen des Zielservers in den Einstellungen.</translation>
    </message>
    <message>
        <source>%1 refuses connections.</source>
        <translation>%1 lehnt Verbindungen ab.</translation>
    </message>
    <message>
        <source>Check the upstream&apos;s address in the settings, and any firewall on the way.</source>
        <translation>Prüfen Sie die Adresse des Zielservers in den Einstellungen und eine Firewall auf dem Weg.</translation>
    </message>
    <message>
        <source>%1 did not answer in time.</source>
        <translation>%1 hat nicht rechtzeitig geantwortet.</translation>
    </message>
    <message>
        <source>Check the internet connection and any firewall on the way, then try again.</source>
        <translation>Prüfen Sie die Internetverbindung und eine Firewall auf dem Weg, und versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>No secure connection to %1 could be made.</source>
        <translation>Zu %1 kam keine sichere Verbindung zustande.</translation>
    </message>
    <message>
        <source>Check this machine&apos;s clock. If a proxy on the way replaces certificates, choose its authority in the settings.</source>
        <translation>Prüfen Sie die Uhr dieses Rechners. Ersetzt ein Proxy auf dem Weg Zertifikate, wählen Sie seine Zertifizierungsstelle in den Einstellungen.</translation>
    </message>
    <message>
        <source>The proxy on the way to %1 refused or did not answer.</source>
        <translation>Der Proxy auf dem Weg zu %1 hat abgelehnt oder nicht geantwortet.</translation>
    </message>
    <message>
        <source>Check the proxy&apos;s address, user and password in the settings.</source>
        <translation>Prüfen Sie Adresse, Benutzer und Passwort des Proxys in den Einstellungen.</translation>
    </message>
    <message>
        <source>%1 answered, but not as a web server does.</source>
        <translation>%1 hat geantwortet, aber nicht wie ein Webserver.</translation>
    </message>
    <message>
        <source>Check the upstream&apos;s address in the settings.</source>
        <translation>Prüfen Sie die Adresse des Zielservers in den Einstellungen.</translation>
    </message>
    <message>
        <source>The connection to %1 failed.</source>
        <translation>Die Verbindung zu %1 ist fehlgeschlagen.</translation>
    </message>
    <message>
        <source>Check the internet connection, then try again.</source>
        <translation>Prüfen Sie die Internetverbindung und versuchen Sie es noch einmal.</translation>
    </message>
</context>
<context>
    <name>rr::AboutPage</name>
    <message>
        <source>Version %1, with Qt %2</source>
        <translation>Version %1, mit Qt %2</translation>
    </message>
    <message>
        <source>Relays OpenAI Realtime API calls from where OpenAI is reachable.</source>
        <translation>Leitet Anrufe der OpenAI-Realtime-API von dort weiter, wo OpenAI erreichbar ist.</translation>
    </message>
    <message>
        <source>Where files are</source>
        <translation>Wo Dateien liegen</translation>
    </message>
    <message>
        <source>Settings:</source>
        <translation>Einstellungen:</translation>
    </message>
    <message>
        <source>Program:</source>
        <translation>Programm:</translation>
    </message>
    <message>
        <source>Log:</source>
        <translation>Protokoll:</translation>
    </message>
    <message>
        <source>in memory only; export it from the page Log</source>
        <translation>nur im Speicher; exportieren Sie es auf der Seite Protokoll</translation>
    </message>
    <message>
        <source>Open settings folder</source>
        <translation>Ordner der Einstellungen öffnen</translation>
    </message>
    <message>
        <source>When you ask for help</source>
        <translation>Wenn Sie um Hilfe bitten</translation>
    </message>
    <message>
        <source>Versions, settings, numbers and the last log lines, without keys, passwords or anything that was said in a call.</source>
        <translation>Versionen, Einstellungen, Zahlen und die letzten Protokollzeilen, ohne Schlüssel, Passwörter oder irgendetwas, das in einem Anruf gesagt wurde.</translation>
    </message>
    <message>
        <source>Copy diagnostics</source>
        <translation>Diagnose kopieren</translation>
    </message>
    <message>
        <source>Licences</source>
        <translation>Lizenzen</translation>
    </message>
    <message>
        <source>Realtime Relay is free software under the MIT licence: use it, change it and pass it on, as long as its copyright notice stays with it. It comes without any warranty.</source>
        <translation>Realtime Relay ist freie Software unter der MIT-Lizenz: Sie dürfen es benutzen, ändern und weitergeben, solange der Urheberrechtshinweis dabei bleibt. Es kommt ohne jede Gewähr.</translation>
    </message>
    <message>
        <source>It uses Qt under the GNU Lesser General Public License, version 3 (&lt;a href=&quot;https://www.gnu.org/licenses/lgpl-3.0.html&quot;&gt;text&lt;/a&gt;), linked so that you may replace it by a version of your own.</source>
        <translation>Es benutzt Qt unter der GNU Lesser General Public License, Version 3 (&lt;a href=&quot;https://www.gnu.org/licenses/lgpl-3.0.html&quot;&gt;Text&lt;/a&gt;), so gebunden, dass Sie es durch eine eigene Fassung ersetzen können.</translation>
    </message>
    <message>
        <source>OpenAI is a trademark of its owner; this program is not made or endorsed by it.</source>
        <translation>OpenAI ist eine Marke ihres Inhabers; dieses Programm stammt nicht von ihm und wird nicht von ihm empfohlen.</translation>
    </message>
    <message>
        <source>About Qt</source>
        <translation>Über Qt</translation>
    </message>
    <message>
        <source>It uses OpenSSL under the Apache License, version 2.0 (&lt;a href=&quot;https://www.apache.org/licenses/LICENSE-2.0&quot;&gt;text&lt;/a&gt;).</source>
        <translation>Es benutzt OpenSSL unter der Apache License, Version 2.0 (&lt;a href=&quot;https://www.apache.org/licenses/LICENSE-2.0&quot;&gt;Text&lt;/a&gt;).</translation>
    </message>
</context>
<context>
    <name>rr::AddressPanel</name>
    <message>
        <source>This machine</source>
        <translation>Dieser Rechner</translation>
    </message>
    <message>
        <source>Local network</source>
        <translation>Lokales Netz</translation>
    </message>
    <message>
        <source>Public</source>
        <translation>Öffentlich</translation>
    </message>
    <message>
        <source>Hint about addresses</source>
        <translation>Hinweis zu Adressen</translation>
    </message>
    <message>
        <source>Address for %1: %2</source>
        <translation>Adresse für %1: %2</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Copy %1</source>
        <translation>%1 kopieren</translation>
    </message>
    <message>
        <source>Copy address</source>
        <translation>Adresse kopieren</translation>
    </message>
    <message>
        <source>Copy as line for .env (VITE_OPENAI_RELAY_URL=…)</source>
        <translation>Als Zeile für .env kopieren (VITE_OPENAI_RELAY_URL=…)</translation>
    </message>
    <message>
        <source>Copy as wscat command</source>
        <translation>Als wscat-Befehl kopieren</translation>
    </message>
</context>
<context>
    <name>rr::ApplicationForm</name>
    <message>
        <source>This is no address: write a host, a host and port, or a URL, such as relay.example.org:8080.</source>
        <translation>Das ist keine Adresse: Schreiben Sie einen Rechnernamen, auch mit Port, oder eine URL, etwa relay.example.org:8080.</translation>
    </message>
    <message>
        <source>Start at &amp;login, hidden in the tray</source>
        <translation>Bei der &amp;Anmeldung starten, verborgen im Infobereich</translation>
    </message>
    <message>
        <source>&amp;Start the relay when this program starts</source>
        <translation>Das &amp;Relay mit diesem Programm starten</translation>
    </message>
    <message>
        <source>Show &amp;notifications of what matters</source>
        <translation>&amp;Benachrichtigen, wenn etwas wichtig ist</translation>
    </message>
    <message>
        <source>&amp;Keep this machine awake while calls are live</source>
        <translation>Diesen Rechner wach &amp;halten, solange Anrufe laufen</translation>
    </message>
    <message>
        <source>As the system&apos;s</source>
        <translation>Wie das System</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Sprache</translation>
    </message>
    <message>
        <source>Public address</source>
        <translation>Öffentliche Adresse</translation>
    </message>
    <message>
        <source>Langua&amp;ge</source>
        <translation>&amp;Sprache</translation>
    </message>
    <message>
        <source>&amp;Public address</source>
        <translation>&amp;Öffentliche Adresse</translation>
    </message>
    <message>
        <source>By which people elsewhere reach this relay, if there is one: a name that leads here, or a tunnel. Only shown and copied; empty for none.</source>
        <translation>Über die andere dieses Relay von anderswo erreichen, wenn es eine gibt: ein Name, der hierher führt, oder ein Tunnel. Wird nur gezeigt und kopiert; leer für keine.</translation>
    </message>
    <message>
        <source>Tray icon in one &amp;colour, without a tile</source>
        <translation>Symbol im Infobereich ein&amp;farbig, ohne Kachel</translation>
    </message>
    <message>
        <source>Takes effect with Apply; the window is built anew.</source>
        <translation>Wirkt mit „Anwenden“; das Fenster wird dabei neu aufgebaut.</translation>
    </message>
</context>
<context>
    <name>rr::Certificate</name>
    <message>
        <source>Expired on %1: renew it.</source>
        <translation>Abgelaufen am %1: Erneuern Sie es.</translation>
    </message>
    <message>
        <source>Not valid before %1.</source>
        <translation>Nicht gültig vor dem %1.</translation>
    </message>
    <message>
        <source>Expires soon, on %1: renew it.</source>
        <translation>Läuft bald ab, am %1: Erneuern Sie es.</translation>
    </message>
    <message>
        <source>Valid until %1.</source>
        <translation>Gültig bis %1.</translation>
    </message>
    <message>
        <source>This file holds no certificate in PEM form.</source>
        <translation>Diese Datei enthält kein Zertifikat in PEM-Form.</translation>
    </message>
    <message>
        <source>Subject: %1.</source>
        <translation>Inhaber: %1.</translation>
    </message>
</context>
<context>
    <name>rr::CoreText</name>
    <message>
        <source>%1 (Detail: %2)</source>
        <translation>%1 (Einzelheit: %2)</translation>
    </message>
    <message>
        <source>%1 is refused: %2. Allowed: %3.</source>
        <translation>%1 wird abgelehnt: %2. Erlaubt: %3.</translation>
    </message>
    <message>
        <source>%1: the value is missing. Allowed: %2.</source>
        <translation>%1: Der Wert fehlt. Erlaubt: %2.</translation>
    </message>
    <message>
        <source>%1 Check that the folder exists, that you may write to it and that the disk is not full.</source>
        <translation>%1 Prüfen Sie, ob es den Ordner gibt, ob Sie darin schreiben dürfen und ob der Datenträger nicht voll ist.</translation>
    </message>
    <message>
        <source>%1 It was not overwritten: mend it, or move it away, and save again.</source>
        <translation>%1 Sie wurde nicht überschrieben: Berichtigen oder verschieben Sie sie und speichern Sie noch einmal.</translation>
    </message>
    <message>
        <source>Port %L1 is in use by another program. Stop that program, or set PORT to another one.</source>
        <translation>Port %L1 wird von einem anderen Programm benutzt. Beenden Sie es oder setzen Sie PORT auf einen anderen.</translation>
    </message>
    <message>
        <source>This program may not listen on port %L1. Ports below 1024 need a permission: take a higher one.</source>
        <translation>Dieses Programm darf nicht an Port %L1 lauschen. Ports unter 1024 brauchen eine Erlaubnis: Nehmen Sie einen höheren.</translation>
    </message>
    <message>
        <source>This machine does not have the address %1. Set HOST to one that it has, or to 0.0.0.0 for all.</source>
        <translation>Dieser Rechner hat die Adresse %1 nicht. Setzen Sie HOST auf eine, die er hat, oder auf 0.0.0.0 für alle.</translation>
    </message>
    <message>
        <source>Cannot listen on %1 port %L2: %3.</source>
        <translation>An %1, Port %L2, kann nicht gelauscht werden: %3.</translation>
    </message>
    <message>
        <source>%1 cannot be read: %2. Check the path and its permissions.</source>
        <translation>%1 kann nicht gelesen werden: %2. Prüfen Sie den Pfad und seine Rechte.</translation>
    </message>
    <message>
        <source>%1 holds no certificate in PEM form.</source>
        <translation>%1 enthält kein Zertifikat in PEM-Form.</translation>
    </message>
    <message>
        <source>%1 holds no RSA or EC key in PEM form without a passphrase.</source>
        <translation>%1 enthält keinen RSA- oder EC-Schlüssel in PEM-Form ohne Kennwort.</translation>
    </message>
    <message>
        <source>The certificate in %1 expired on %2. Renew it.</source>
        <translation>Das Zertifikat in %1 ist am %2 abgelaufen. Erneuern Sie es.</translation>
    </message>
    <message>
        <source>The key in %1 does not belong to the certificate in %2.</source>
        <translation>Der Schlüssel in %1 gehört nicht zum Zertifikat in %2.</translation>
    </message>
    <message>
        <source>%1 refused the session with HTTP %L2: %3</source>
        <translation>%1 hat die Sitzung mit HTTP %L2 abgelehnt: %3</translation>
    </message>
    <message>
        <source>the request is not one it takes; check the model and the other query parameters.</source>
        <translation>Die Anfrage ist keine, die er annimmt; prüfen Sie das Modell und die anderen Parameter der Adresse.</translation>
    </message>
    <message>
        <source>the API key is invalid or has expired; check the key, or make a new one.</source>
        <translation>Der API-Schlüssel ist ungültig oder abgelaufen; prüfen Sie den Schlüssel oder erstellen Sie einen neuen.</translation>
    </message>
    <message>
        <source>the API key has no access to this model or project, or this region is not supported; check the key&apos;s permissions, and that the relay runs in a supported region.</source>
        <translation>Der API-Schlüssel hat keinen Zugang zu diesem Modell oder Projekt, oder diese Region wird nicht unterstützt; prüfen Sie die Rechte des Schlüssels und ob das Relay in einer unterstützten Region läuft.</translation>
    </message>
    <message>
        <source>there is no such path, model or deployment; check the model&apos;s name, and the relay&apos;s upstream URL (UPSTREAM_URL).</source>
        <translation>Diesen Pfad, dieses Modell oder diese Bereitstellung gibt es nicht; prüfen Sie den Namen des Modells und die Adresse des Zielservers (UPSTREAM_URL).</translation>
    </message>
    <message>
        <source>it has a problem of its own; try again in a moment, and check its status page.</source>
        <translation>Er hat selbst ein Problem; versuchen Sie es gleich noch einmal und sehen Sie auf seine Statusseite.</translation>
    </message>
    <message>
        <source>it redirects elsewhere, which a WebSocket cannot follow; correct the relay&apos;s upstream URL (UPSTREAM_URL).</source>
        <translation>Er leitet anderswohin um, wohin ein WebSocket nicht folgen kann; berichtigen Sie die Adresse des Zielservers (UPSTREAM_URL).</translation>
    </message>
    <message>
        <source>check the API key, the model and the relay&apos;s upstream URL (UPSTREAM_URL).</source>
        <translation>Prüfen Sie den API-Schlüssel, das Modell und die Adresse des Zielservers (UPSTREAM_URL).</translation>
    </message>
    <message>
        <source>The relay found no address for %1; check the relay&apos;s DNS and internet connection, and its upstream URL (UPSTREAM_URL).</source>
        <translation>Das Relay hat zu %1 keine Adresse gefunden; prüfen Sie DNS und Internetverbindung des Relays und die Adresse des Zielservers (UPSTREAM_URL).</translation>
    </message>
    <message>
        <source>The connection to %1 was refused; check the relay&apos;s upstream URL (UPSTREAM_URL) and any firewall on the way.</source>
        <translation>Die Verbindung zu %1 wurde abgelehnt; prüfen Sie die Adresse des Zielservers (UPSTREAM_URL) und eine Firewall auf dem Weg.</translation>
    </message>
    <message>
        <source>%1 did not answer in time; check the relay&apos;s internet connection and any firewall on the way, then try again.</source>
        <translation>%1 hat nicht rechtzeitig geantwortet; prüfen Sie die Internetverbindung des Relays und eine Firewall auf dem Weg und versuchen Sie es dann noch einmal.</translation>
    </message>
    <message>
        <source>No secure connection to %1 could be made; check the relay&apos;s clock, and whether a proxy on the way replaces certificates (then give its authority as UPSTREAM_CA_FILE).</source>
        <translation>Zu %1 kam keine sichere Verbindung zustande; prüfen Sie die Uhr des Relays und ob ein Proxy auf dem Weg Zertifikate ersetzt (geben Sie dann dessen Zertifizierungsstelle als UPSTREAM_CA_FILE an).</translation>
    </message>
    <message>
        <source>The proxy on the way to %1 refused or did not answer; check the relay&apos;s proxy address and its user and password (UPSTREAM_PROXY or HTTPS_PROXY).</source>
        <translation>Der Proxy auf dem Weg zu %1 hat abgelehnt oder nicht geantwortet; prüfen Sie seine Adresse, den Benutzer und das Passwort (UPSTREAM_PROXY oder HTTPS_PROXY).</translation>
    </message>
    <message>
        <source>%1 answered, but not as a WebSocket server; check the relay&apos;s upstream URL (UPSTREAM_URL) and whether a proxy on the way supports WebSockets.</source>
        <translation>%1 hat geantwortet, aber nicht wie ein WebSocket-Server; prüfen Sie die Adresse des Zielservers (UPSTREAM_URL) und ob ein Proxy auf dem Weg WebSockets unterstützt.</translation>
    </message>
    <message>
        <source>The connection to %1 failed; check the relay&apos;s internet connection, then try again.</source>
        <translation>Die Verbindung zu %1 ist gescheitert; prüfen Sie die Internetverbindung des Relays und versuchen Sie es dann noch einmal.</translation>
    </message>
    <message>
        <source>Closed by the client.</source>
        <translation>Vom Client geschlossen.</translation>
    </message>
    <message>
        <source>Closed by the client: %1</source>
        <translation>Vom Client geschlossen: %1</translation>
    </message>
    <message>
        <source>Closed by the upstream.</source>
        <translation>Vom Zielserver geschlossen.</translation>
    </message>
    <message>
        <source>Closed by the upstream: %1</source>
        <translation>Vom Zielserver geschlossen: %1</translation>
    </message>
    <message>
        <source>The client&apos;s connection was lost.</source>
        <translation>Die Verbindung des Clients ist abgerissen.</translation>
    </message>
    <message>
        <source>The client stopped answering pings; its connection is taken for lost.</source>
        <translation>Der Client antwortet nicht mehr auf Pings; seine Verbindung gilt als abgerissen.</translation>
    </message>
    <message>
        <source>The connection to the upstream was lost; open a new session.</source>
        <translation>Die Verbindung zum Zielserver ist abgerissen; öffnen Sie eine neue Sitzung.</translation>
    </message>
    <message>
        <source>The upstream stopped answering pings, its connection is taken for lost; open a new session.</source>
        <translation>Der Zielserver antwortet nicht mehr auf Pings, seine Verbindung gilt als abgerissen; öffnen Sie eine neue Sitzung.</translation>
    </message>
    <message>
        <source>No usable API key was sent%1; send one as the subprotocol openai-insecure-api-key.KEY or in the header Authorization: Bearer KEY.</source>
        <translation>Es wurde kein brauchbarer API-Schlüssel gesendet%1; senden Sie einen als Unterprotokoll openai-insecure-api-key.KEY oder im Kopf Authorization: Bearer KEY.</translation>
    </message>
    <message>
        <source>No message went either way%1, so the relay ended the session; open a new one, or have the relay&apos;s operator raise INACTIVITY_TIMEOUT.</source>
        <translation>In keiner Richtung kam eine Nachricht%1, daher hat das Relay die Sitzung beendet; öffnen Sie eine neue oder lassen Sie den Betreiber des Relays INACTIVITY_TIMEOUT erhöhen.</translation>
    </message>
    <message>
        <source>The session reached the relay&apos;s time limit%1; open a new one, or have the relay&apos;s operator raise SESSION_LIMIT.</source>
        <translation>Die Sitzung hat die Zeitgrenze des Relays%1 erreicht; öffnen Sie eine neue oder lassen Sie den Betreiber des Relays SESSION_LIMIT erhöhen.</translation>
    </message>
    <message>
        <source>A message is larger than the relay&apos;s limit%1; send smaller ones, or have the relay&apos;s operator raise MAX_MESSAGE_BYTES.</source>
        <translation>Eine Nachricht ist größer als die Grenze des Relays%1; senden Sie kleinere oder lassen Sie den Betreiber des Relays MAX_MESSAGE_BYTES erhöhen.</translation>
    </message>
    <message>
        <source>A message from the upstream is larger than the relay&apos;s limit%1; have the relay&apos;s operator raise MAX_MESSAGE_BYTES.</source>
        <translation>Eine Nachricht des Zielservers ist größer als die Grenze des Relays%1; lassen Sie den Betreiber des Relays MAX_MESSAGE_BYTES erhöhen.</translation>
    </message>
    <message>
        <source>The client stopped reading and the relay&apos;s buffer stayed full; check the client&apos;s network, and that it reads every message at once.</source>
        <translation>Der Client las nicht mehr und der Puffer des Relays blieb voll; prüfen Sie das Netz des Clients und ob er jede Nachricht sofort liest.</translation>
    </message>
    <message>
        <source>The upstream stopped reading and the relay&apos;s buffer stayed full; open a new session in a moment.</source>
        <translation>Der Zielserver las nicht mehr und der Puffer des Relays blieb voll; öffnen Sie gleich eine neue Sitzung.</translation>
    </message>
    <message>
        <source>The client broke the WebSocket protocol%1; check the client&apos;s WebSocket library.</source>
        <translation>Der Client hat das WebSocket-Protokoll verletzt%1; prüfen Sie seine WebSocket-Bibliothek.</translation>
    </message>
    <message>
        <source>The upstream broke the WebSocket protocol%1; open a new session, and check the relay&apos;s upstream URL (UPSTREAM_URL) when it happens again.</source>
        <translation>Der Zielserver hat das WebSocket-Protokoll verletzt%1; öffnen Sie eine neue Sitzung und prüfen Sie die Adresse des Zielservers (UPSTREAM_URL), wenn es wieder geschieht.</translation>
    </message>
    <message>
        <source>The relay is shutting down; open a new session when it is back.</source>
        <translation>Das Relay wird beendet; öffnen Sie eine neue Sitzung, wenn es wieder da ist.</translation>
    </message>
    <message>
        <source>The relay&apos;s operator closed the session; ask the operator before opening a new one.</source>
        <translation>Der Betreiber des Relays hat die Sitzung geschlossen; fragen Sie ihn, bevor Sie eine neue öffnen.</translation>
    </message>
    <message>
        <source> for %1</source>
        <translation> (%1 lang)</translation>
    </message>
    <message>
        <source> of %1</source>
        <translation> von %1</translation>
    </message>
    <message>
        <source>1 minute</source>
        <translation>1 Minute</translation>
    </message>
    <message>
        <source>%L1 minutes</source>
        <translation>%L1 Minuten</translation>
    </message>
    <message>
        <source>1 second</source>
        <translation>1 Sekunde</translation>
    </message>
    <message>
        <source>%L1 seconds</source>
        <translation>%L1 Sekunden</translation>
    </message>
    <message>
        <source>%L1 milliseconds</source>
        <translation>%L1 Millisekunden</translation>
    </message>
    <message>
        <source>it is empty</source>
        <translation>er ist leer</translation>
    </message>
    <message>
        <source>it is not a whole number</source>
        <translation>er ist keine ganze Zahl</translation>
    </message>
    <message>
        <source>it is too small</source>
        <translation>er ist zu klein</translation>
    </message>
    <message>
        <source>it is too large</source>
        <translation>er ist zu groß</translation>
    </message>
    <message>
        <source>it is none of the choices</source>
        <translation>er steht nicht zur Wahl</translation>
    </message>
    <message>
        <source>it is neither yes nor no</source>
        <translation>er ist weder ja noch nein</translation>
    </message>
    <message>
        <source>it must be a number in JSON</source>
        <translation>in JSON muss er eine Zahl sein</translation>
    </message>
    <message>
        <source>it must be true or false in JSON</source>
        <translation>in JSON muss er true oder false sein</translation>
    </message>
    <message>
        <source>it must be an array of strings in JSON</source>
        <translation>in JSON muss er ein Array aus Zeichenketten sein</translation>
    </message>
    <message>
        <source>it must be a string in JSON</source>
        <translation>in JSON muss er eine Zeichenkette sein</translation>
    </message>
    <message>
        <source>it is not an address</source>
        <translation>das ist keine Adresse</translation>
    </message>
    <message>
        <source>it is neither an address nor a subnet</source>
        <translation>das ist weder eine Adresse noch ein Teilnetz</translation>
    </message>
    <message>
        <source>there must be an upstream</source>
        <translation>es muss einen Zielserver geben</translation>
    </message>
    <message>
        <source>it is not a complete address</source>
        <translation>die Adresse ist nicht vollständig</translation>
    </message>
    <message>
        <source>it is not a complete address (special characters in a password are written as %XX)</source>
        <translation>die Adresse ist nicht vollständig (Sonderzeichen in einem Passwort werden als %XX geschrieben)</translation>
    </message>
    <message>
        <source>it must not hold a user name or password; clients bring their own key</source>
        <translation>sie darf keinen Benutzernamen und kein Passwort enthalten; Clients bringen ihren eigenen Schlüssel mit</translation>
    </message>
    <message>
        <source>it must not have a query (from the &quot;?&quot; on): the client&apos;s query is forwarded as received, so let the client send it</source>
        <translation>sie darf keine Parameter haben (ab dem „?“): Die des Clients werden weitergegeben, wie sie kamen, also lassen Sie ihn sie senden</translation>
    </message>
    <message>
        <source>it must not have a fragment (from the &quot;#&quot; on)</source>
        <translation>sie darf kein Fragment haben (ab dem „#“)</translation>
    </message>
    <message>
        <source>the upstream speaks WebSocket, wss:// for https://, ws:// for http://: write %1</source>
        <translation>der Zielserver spricht WebSocket, wss:// für https://, ws:// für http://: schreiben Sie %1</translation>
    </message>
    <message>
        <source>its scheme is neither ws:// nor wss://</source>
        <translation>ihr Schema ist weder ws:// noch wss://</translation>
    </message>
    <message>
        <source>its scheme is neither http:// nor socks5://</source>
        <translation>ihr Schema ist weder http:// noch socks5://</translation>
    </message>
    <message>
        <source>it names no host</source>
        <translation>sie nennt keinen Rechner</translation>
    </message>
    <message>
        <source>it names no port</source>
        <translation>sie nennt keinen Port</translation>
    </message>
    <message>
        <source>port 0 cannot be reached</source>
        <translation>Port 0 kann nicht erreicht werden</translation>
    </message>
    <message>
        <source>nothing may follow the port</source>
        <translation>nach dem Port darf nichts folgen</translation>
    </message>
    <message>
        <source>there is no such file</source>
        <translation>diese Datei gibt es nicht</translation>
    </message>
    <message>
        <source>it is not a file</source>
        <translation>das ist keine Datei</translation>
    </message>
    <message>
        <source>the file cannot be read (%1)</source>
        <translation>die Datei kann nicht gelesen werden (%1)</translation>
    </message>
    <message>
        <source>&quot;null&quot; is what a page opened from a file says; only * lets it in</source>
        <translation>„null“ sagt eine Seite, die aus einer Datei geöffnet ist; nur * lässt sie ein</translation>
    </message>
    <message>
        <source>an origin begins with its scheme: write %1</source>
        <translation>ein Ursprung beginnt mit seinem Schema: schreiben Sie %1</translation>
    </message>
    <message>
        <source>it does not begin with a scheme such as https://</source>
        <translation>er beginnt nicht mit einem Schema wie https://</translation>
    </message>
    <message>
        <source>an origin has no path: write %1</source>
        <translation>ein Ursprung hat keinen Pfad: schreiben Sie %1</translation>
    </message>
    <message>
        <source>an origin has no user name</source>
        <translation>ein Ursprung hat keinen Benutzernamen</translation>
    </message>
    <message>
        <source>its port is not a number from 1 to 65535, nor * for any</source>
        <translation>sein Port ist weder eine Zahl von 1 bis 65535 noch * für jeden</translation>
    </message>
    <message>
        <source>a * stands alone, as the first part of the host (https://*.example.org) or as the port</source>
        <translation>ein * steht allein, als erster Teil des Rechnernamens (https://*.example.org) oder als Port</translation>
    </message>
    <message>
        <source>it has no valid host</source>
        <translation>er hat keinen gültigen Rechnernamen</translation>
    </message>
    <message>
        <source>%1 is set, but %2 is not: set both for wss://, or neither.</source>
        <translation>%1 ist gesetzt, aber %2 nicht: Setzen Sie für wss:// beide, sonst keinen.</translation>
    </message>
    <message>
        <source>all sessions together may hold back less</source>
        <translation>alle Sitzungen zusammen dürfen weniger zurückhalten</translation>
    </message>
    <message>
        <source>one direction of a session may hold back more</source>
        <translation>eine Richtung einer Sitzung darf mehr zurückhalten</translation>
    </message>
    <message>
        <source>at most %1, which is %L2</source>
        <translation>höchstens %1, also %L2</translation>
    </message>
    <message>
        <source>at least %1, which is %L2</source>
        <translation>mindestens %1, also %L2</translation>
    </message>
    <message>
        <source>0 (%1), or %2</source>
        <translation>0 (%1) oder %2</translation>
    </message>
    <message>
        <source>%L1 to %L2 milliseconds</source>
        <translation>%L1 bis %L2 Millisekunden</translation>
    </message>
    <message>
        <source>%L1 to %L2 bytes</source>
        <translation>%L1 bis %L2 Bytes</translation>
    </message>
    <message>
        <source>%L1 to %L2</source>
        <translation>%L1 bis %L2</translation>
    </message>
    <message>
        <source>true, 1, yes or on; false, 0, no or off</source>
        <translation>true, 1, yes oder on; false, 0, no oder off</translation>
    </message>
    <message>
        <source>an IPv4 or IPv6 address of this machine, or localhost</source>
        <translation>eine IPv4- oder IPv6-Adresse dieses Rechners oder localhost</translation>
    </message>
    <message>
        <source>the path of a file that can be read, or empty</source>
        <translation>der Pfad einer lesbaren Datei oder leer</translation>
    </message>
    <message>
        <source>addresses or subnets such as 10.0.0.0/8, comma separated, or empty</source>
        <translation>Adressen oder Teilnetze wie 10.0.0.0/8, durch Kommas getrennt, oder leer</translation>
    </message>
    <message>
        <source>wss://HOST/PATH or ws://HOST/PATH, without a query</source>
        <translation>wss://HOST/PFAD oder ws://HOST/PFAD, ohne Parameter</translation>
    </message>
    <message>
        <source>http://HOST:PORT or socks5://HOST:PORT, with USER:PASSWORD@ before the host if needed, or empty</source>
        <translation>http://HOST:PORT oder socks5://HOST:PORT, wenn nötig mit BENUTZER:PASSWORT@ vor dem Rechnernamen, oder leer</translation>
    </message>
    <message>
        <source>origins such as https://app.example.org, https://*.example.org, http://localhost:* or *, comma separated</source>
        <translation>Ursprünge wie https://app.example.org, https://*.example.org, http://localhost:* oder *, durch Kommas getrennt</translation>
    </message>
    <message>
        <source>%1 in %2 is not a setting: %3.</source>
        <translation>%1 in %2 ist keine Einstellung: %3.</translation>
    </message>
    <message>
        <source>remove it or see --help</source>
        <translation>entfernen Sie es oder sehen Sie --help</translation>
    </message>
    <message>
        <source>write %1</source>
        <translation>schreiben Sie %1</translation>
    </message>
    <message>
        <source>The settings file %1 does not exist.</source>
        <translation>Die Einstellungsdatei %1 gibt es nicht.</translation>
    </message>
    <message>
        <source>The settings file %1 cannot be read: %2.</source>
        <translation>Die Einstellungsdatei %1 kann nicht gelesen werden: %2.</translation>
    </message>
    <message>
        <source>The settings file %1 is not JSON: %2 at line %L3, column %L4.</source>
        <translation>Die Einstellungsdatei %1 ist kein JSON: %2 in Zeile %L3, Spalte %L4.</translation>
    </message>
    <message>
        <source>The settings file %1 does not hold a JSON object { … }.</source>
        <translation>Die Einstellungsdatei %1 enthält kein JSON-Objekt { … }.</translation>
    </message>
    <message>
        <source>The folder %1 for the settings cannot be made.</source>
        <translation>Der Ordner %1 für die Einstellungen kann nicht angelegt werden.</translation>
    </message>
    <message>
        <source>The settings cannot be saved to %1: %2.</source>
        <translation>Die Einstellungen können nicht in %1 gespeichert werden: %2.</translation>
    </message>
    <message>
        <source>%1 It asks to wait for %L2 s.</source>
        <translation>%1 Er bittet, %L2 s zu warten.</translation>
    </message>
    <message>
        <source>the account&apos;s quota is used up, or its billing is not in order; check the account&apos;s limits and billing.</source>
        <translation>Das Guthaben des Kontos ist verbraucht, oder mit seiner Abrechnung stimmt etwas nicht; prüfen Sie die Grenzen und die Abrechnung des Kontos.</translation>
    </message>
    <message>
        <source>its rate limit is reached; wait a moment, then check the account&apos;s limits.</source>
        <translation>Seine Grenze für Anfragen ist erreicht; warten Sie einen Moment und prüfen Sie dann die Grenzen des Kontos.</translation>
    </message>
    <message>
        <source>The relay may open no more files, so it cannot reach %1; have its operator raise the limit of open files (ulimit -n, LimitNOFILE), or lower MAX_CONNECTIONS.</source>
        <translation>Das Relay darf keine weiteren Dateien öffnen und erreicht %1 deshalb nicht; wer es betreibt, muss die Grenze für offene Dateien heraufsetzen (ulimit -n, LimitNOFILE) oder MAX_CONNECTIONS herabsetzen.</translation>
    </message>
</context>
<context>
    <name>rr::Desktop</name>
    <message>
        <source>This desktop has no system tray.</source>
        <translation>Diese Arbeitsumgebung hat keinen Infobereich.</translation>
    </message>
    <message>
        <source>The program lives in its window instead; closing the window quits it.</source>
        <translation>Das Programm lebt stattdessen in seinem Fenster; wird das Fenster geschlossen, endet es.</translation>
    </message>
    <message>
        <source>Overview</source>
        <translation>Übersicht</translation>
    </message>
    <message>
        <source>Sessions</source>
        <translation>Sitzungen</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>Protokoll</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>About</source>
        <translation>Über</translation>
    </message>
</context>
<context>
    <name>rr::Export</name>
    <message>
        <source>%1 could not be written: %2. Check that you may write there and that the disk is not full.</source>
        <translation>%1 konnte nicht geschrieben werden: %2. Prüfen Sie, ob Sie dort schreiben dürfen und der Datenträger nicht voll ist.</translation>
    </message>
</context>
<context>
    <name>rr::FileNotice</name>
    <message>
        <source>Set the file aside</source>
        <translation>Datei beiseitelegen</translation>
    </message>
    <message>
        <source>Correct the file and start the relay, or set the file aside: it is kept with .bad at the end of its name, and what is right of it is written anew.</source>
        <translation>Berichtigen Sie die Datei und starten Sie das Relay, oder legen Sie sie beiseite: Sie bleibt mit .bad am Ende ihres Namens erhalten, und was an ihr richtig ist, wird neu geschrieben.</translation>
    </message>
</context>
<context>
    <name>rr::ListEditor</name>
    <message>
        <source>Entry of: %1</source>
        <translation>Eintrag von: %1</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>Hinzufügen</translation>
    </message>
    <message>
        <source>Add to: %1</source>
        <translation>Hinzufügen zu: %1</translation>
    </message>
    <message>
        <source>Edit</source>
        <translation>Bearbeiten</translation>
    </message>
    <message>
        <source>Edit in: %1</source>
        <translation>Bearbeiten in: %1</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Remove from: %1</source>
        <translation>Entfernen aus: %1</translation>
    </message>
    <message>
        <source>Paste</source>
        <translation>Einfügen</translation>
    </message>
    <message>
        <source>Paste into: %1</source>
        <translation>Einfügen in: %1</translation>
    </message>
    <message>
        <source>Add what has been copied: one or several, separated by spaces, commas or lines</source>
        <translation>Hinzufügen, was kopiert wurde: eines oder mehrere, durch Leerzeichen, Kommas oder Zeilen getrennt</translation>
    </message>
</context>
<context>
    <name>rr::Log</name>
    <message>
        <source>Debug</source>
        <translation>Debug</translation>
    </message>
    <message>
        <source>Info</source>
        <translation>Info</translation>
    </message>
    <message>
        <source>Warning</source>
        <translation>Warnung</translation>
    </message>
    <message>
        <source>Error</source>
        <translation>Fehler</translation>
    </message>
</context>
<context>
    <name>rr::LogModel</name>
    <message>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>Level</source>
        <translation>Stufe</translation>
    </message>
    <message>
        <source>Session</source>
        <translation>Sitzung</translation>
    </message>
    <message>
        <source>Message</source>
        <translation>Meldung</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>Einzelheiten</translation>
    </message>
</context>
<context>
    <name>rr::LogPage</name>
    <message>
        <source>Log</source>
        <translation>Protokoll</translation>
    </message>
    <message>
        <source>Selected entry</source>
        <translation>Gewählter Eintrag</translation>
    </message>
    <message>
        <source>The selected entry is shown here in full.</source>
        <translation>Der gewählte Eintrag steht hier ganz.</translation>
    </message>
    <message>
        <source>All levels</source>
        <translation>Alle Stufen</translation>
    </message>
    <message>
        <source>Info and above</source>
        <translation>Ab Info</translation>
    </message>
    <message>
        <source>Warnings and errors</source>
        <translation>Warnungen und Fehler</translation>
    </message>
    <message>
        <source>Errors only</source>
        <translation>Nur Fehler</translation>
    </message>
    <message>
        <source>Level</source>
        <translation>Stufe</translation>
    </message>
    <message>
        <source>Show entries of this level and above</source>
        <translation>Einträge ab dieser Stufe zeigen</translation>
    </message>
    <message>
        <source>Session</source>
        <translation>Sitzung</translation>
    </message>
    <message>
        <source>Show entries about the session whose id begins so</source>
        <translation>Einträge der Sitzung zeigen, deren Kennung so beginnt</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>Text</translation>
    </message>
    <message>
        <source>Show entries that contain this text (%1)</source>
        <translation>Einträge zeigen, die diesen Text enthalten (%1)</translation>
    </message>
    <message>
        <source>&amp;Pause</source>
        <translation>&amp;Pause</translation>
    </message>
    <message>
        <source>Take in no new entries for now; none is lost</source>
        <translation>Vorerst keine neuen Einträge aufnehmen; keiner geht verloren</translation>
    </message>
    <message>
        <source>&amp;Follow</source>
        <translation>&amp;Folgen</translation>
    </message>
    <message>
        <source>Keep the newest entry in sight</source>
        <translation>Den neuesten Eintrag im Blick behalten</translation>
    </message>
    <message>
        <source>C&amp;lear</source>
        <translation>&amp;Leeren</translation>
    </message>
    <message>
        <source>Forget all entries</source>
        <translation>Alle Einträge vergessen</translation>
    </message>
    <message>
        <source>&amp;Copy</source>
        <translation>&amp;Kopieren</translation>
    </message>
    <message>
        <source>Copy the selected entries, or all that are shown</source>
        <translation>Die gewählten Einträge kopieren oder alle gezeigten</translation>
    </message>
    <message>
        <source>&amp;Export…</source>
        <translation>&amp;Exportieren …</translation>
    </message>
    <message>
        <source>Save the shown entries to a file</source>
        <translation>Die gezeigten Einträge in einer Datei speichern</translation>
    </message>
    <message>
        <source>Entries: %1</source>
        <translation>Einträge: %1</translation>
    </message>
    <message>
        <source>Entries: %1 of %2</source>
        <translation>Einträge: %1 von %2</translation>
    </message>
    <message>
        <source>Export the log</source>
        <translation>Protokoll exportieren</translation>
    </message>
    <message>
        <source>relay-log</source>
        <translation>relay-protokoll</translation>
    </message>
    <message>
        <source>JSON lines</source>
        <translation>JSON-Zeilen</translation>
    </message>
</context>
<context>
    <name>rr::MainWindow</name>
    <message>
        <source>Pages</source>
        <translation>Seiten</translation>
    </message>
</context>
<context>
    <name>rr::OriginTester</name>
    <message>
        <source>&amp;Would this origin be let in?</source>
        <translation>Würde &amp;dieser Ursprung eingelassen?</translation>
    </message>
    <message>
        <source>Origin to test</source>
        <translation>Zu prüfender Ursprung</translation>
    </message>
    <message>
        <source>Type an origin, or the address of a page</source>
        <translation>Einen Ursprung oder die Adresse einer Seite eingeben</translation>
    </message>
    <message>
        <source>Yes: %1 is let in by %2.</source>
        <translation>Ja: %1 wird durch %2 eingelassen.</translation>
    </message>
    <message>
        <source>No: no entry of the list lets %1 in.</source>
        <translation>Nein: Kein Eintrag der Liste lässt %1 ein.</translation>
    </message>
    <message>
        <source>This is a pattern, not one origin.</source>
        <translation>Das ist ein Muster, nicht ein einzelner Ursprung.</translation>
    </message>
</context>
<context>
    <name>rr::OverviewPage</name>
    <message>
        <source>State of the relay</source>
        <translation>Zustand des Relays</translation>
    </message>
    <message>
        <source>Clients connect to</source>
        <translation>Clients verbinden sich mit</translation>
    </message>
    <message>
        <source>Check upstream</source>
        <translation>Zielserver prüfen</translation>
    </message>
    <message>
        <source>Sees whether the upstream can be reached from here. Needs no key.</source>
        <translation>Prüft, ob der Zielserver von hier erreichbar ist. Braucht keinen Schlüssel.</translation>
    </message>
    <message>
        <source>Result of the check</source>
        <translation>Ergebnis der Prüfung</translation>
    </message>
    <message>
        <source>Since the start</source>
        <translation>Seit dem Start</translation>
    </message>
    <message>
        <source>Calls now</source>
        <translation>Anrufe jetzt</translation>
    </message>
    <message>
        <source>Calls in all</source>
        <translation>Anrufe gesamt</translation>
    </message>
    <message>
        <source>Messages</source>
        <translation>Nachrichten</translation>
    </message>
    <message>
        <source>Traffic</source>
        <translation>Verkehr</translation>
    </message>
    <message>
        <source>Errors</source>
        <translation>Fehler</translation>
    </message>
    <message>
        <source>Uptime</source>
        <translation>Laufzeit</translation>
    </message>
    <message>
        <source>Calls</source>
        <translation>Anrufe</translation>
    </message>
    <message>
        <source>Demo: a built-in simulator answers instead of OpenAI; any key will do.</source>
        <translation>Demo: Statt OpenAI antwortet ein eingebauter Simulator; jeder Schlüssel ist recht.</translation>
    </message>
    <message>
        <source>Calls go to %1.</source>
        <translation>Anrufe gehen an %1.</translation>
    </message>
    <message>
        <source>The relay could not start: port %1 is in use by %2.</source>
        <translation>Das Relay konnte nicht starten: Port %1 wird von %2 benutzt.</translation>
    </message>
    <message>
        <source>Stop that program, or start the relay with another port: it is fixed by the environment or the command line.</source>
        <translation>Beenden Sie dieses Programm oder starten Sie das Relay mit einem anderen Port: Er ist durch die Umgebung oder die Befehlszeile festgelegt.</translation>
    </message>
    <message>
        <source>Use port %1</source>
        <translation>Port %1 nehmen</translation>
    </message>
    <message>
        <source>Open settings</source>
        <translation>Einstellungen öffnen</translation>
    </message>
    <message>
        <source>Checking…</source>
        <translation>Wird geprüft …</translation>
    </message>
    <message>
        <source>Only this machine can connect. To let others in, listen on every network in the &lt;a href=&quot;settings&quot;&gt;settings&lt;/a&gt;.</source>
        <translation>Nur dieser Rechner kann sich verbinden. Um andere einzulassen, lauschen Sie in den &lt;a href=&quot;settings&quot;&gt;Einstellungen&lt;/a&gt; auf jedem Netz.</translation>
    </message>
    <message>
        <source>to the upstream</source>
        <translation>zum Zielserver</translation>
    </message>
    <message>
        <source>to clients</source>
        <translation>zu Clients</translation>
    </message>
</context>
<context>
    <name>rr::Plot</name>
    <message>
        <source>%1 min ago</source>
        <translation>vor %1 min</translation>
    </message>
    <message>
        <source>now</source>
        <translation>jetzt</translation>
    </message>
</context>
<context>
    <name>rr::RelaySwitch</name>
    <message>
        <source>Stop the relay?</source>
        <translation>Relay anhalten?</translation>
    </message>
    <message>
        <source>Let calls finish</source>
        <translation>Anrufe zu Ende gehen lassen</translation>
    </message>
    <message>
        <source>End the calls now?</source>
        <translation>Anrufe jetzt beenden?</translation>
    </message>
    <message>
        <source>End calls now</source>
        <translation>Anrufe jetzt beenden</translation>
    </message>
    <message>
        <source>Quit Realtime Relay?</source>
        <translation>Realtime Relay beenden?</translation>
    </message>
    <message>
        <source>Quit when calls have finished</source>
        <translation>Nach den Anrufen beenden</translation>
    </message>
    <message>
        <source>End calls and quit</source>
        <translation>Anrufe abbrechen und beenden</translation>
    </message>
    <message numerus="yes">
        <source>%n call(s) are live.</source>
        <translation>
            <numerusform>Es läuft %n Anruf.</numerusform>
            <numerusform>Es laufen %n Anrufe.</numerusform>
        </translation>
    </message>
    <message>
        <source>The relay is stopping; they may still finish.</source>
        <translation>Das Relay hält an; sie dürfen noch zu Ende gehen.</translation>
    </message>
    <message>
        <source>They can go on for at most %1 (minutes:seconds), while new calls are turned away.</source>
        <translation>Sie können noch höchstens %1 (Minuten:Sekunden) weitergehen, während neue Anrufe abgewiesen werden.</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
</context>
<context>
    <name>rr::SessionDetails</name>
    <message>
        <source>Open in &amp;log</source>
        <translation>Im &amp;Protokoll öffnen</translation>
    </message>
    <message>
        <source>Show what the log says about this session on the page of the log</source>
        <translation>Auf der Seite des Protokolls zeigen, was es über diese Sitzung sagt</translation>
    </message>
    <message>
        <source>Details of the session</source>
        <translation>Einzelheiten der Sitzung</translation>
    </message>
    <message>
        <source>Log of the session</source>
        <translation>Protokoll der Sitzung</translation>
    </message>
    <message>
        <source>Session %1</source>
        <translation>Sitzung %1</translation>
    </message>
</context>
<context>
    <name>rr::SessionTable</name>
    <message>
        <source>Columns</source>
        <translation>Spalten</translation>
    </message>
    <message>
        <source>Sort by</source>
        <translation>Sortieren nach</translation>
    </message>
    <message>
        <source>Move left</source>
        <translation>Nach links rücken</translation>
    </message>
    <message>
        <source>Move right</source>
        <translation>Nach rechts rücken</translation>
    </message>
    <message>
        <source>Sessions</source>
        <translation>Sitzungen</translation>
    </message>
</context>
<context>
    <name>rr::Sessions</name>
    <message>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>Started</source>
        <translation>Beginn</translation>
    </message>
    <message>
        <source>Client</source>
        <translation>Client</translation>
    </message>
    <message>
        <source>Client address</source>
        <translation>Adresse des Clients</translation>
    </message>
    <message>
        <source>Origin</source>
        <translation>Ursprung</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>Ended by</source>
        <translation>Beendet von</translation>
    </message>
    <message>
        <source>Code</source>
        <translation>Code</translation>
    </message>
    <message>
        <source>Close code</source>
        <translation>Schließcode</translation>
    </message>
    <message>
        <source>Duration</source>
        <translation>Dauer</translation>
    </message>
    <message>
        <source>Left</source>
        <translation>Verbleibt</translation>
    </message>
    <message>
        <source>Time left of the 60 minutes</source>
        <translation>Was von den 60 Minuten bleibt</translation>
    </message>
    <message>
        <source>↑ Msgs</source>
        <translation>↑ Nachr.</translation>
    </message>
    <message>
        <source>Messages to the upstream</source>
        <translation>Nachrichten zum Zielserver</translation>
    </message>
    <message>
        <source>↓ Msgs</source>
        <translation>↓ Nachr.</translation>
    </message>
    <message>
        <source>Messages to the client</source>
        <translation>Nachrichten zum Client</translation>
    </message>
    <message>
        <source>↑ Bytes</source>
        <translation>↑ Bytes</translation>
    </message>
    <message>
        <source>Bytes to the upstream</source>
        <translation>Bytes zum Zielserver</translation>
    </message>
    <message>
        <source>↓ Bytes</source>
        <translation>↓ Bytes</translation>
    </message>
    <message>
        <source>Bytes to the client</source>
        <translation>Bytes zum Client</translation>
    </message>
    <message>
        <source>Rate</source>
        <translation>Rate</translation>
    </message>
    <message>
        <source>Rate, both ways together</source>
        <translation>Rate, beide Richtungen zusammen</translation>
    </message>
    <message>
        <source>Last event</source>
        <translation>Letztes Ereignis</translation>
    </message>
    <message>
        <source>Type of the last event</source>
        <translation>Art des letzten Ereignisses</translation>
    </message>
    <message>
        <source>Backlog</source>
        <translation>Rückstau</translation>
    </message>
    <message>
        <source>Backlog, both ways together</source>
        <translation>Rückstau, beide Richtungen zusammen</translation>
    </message>
    <message>
        <source>RTT client</source>
        <translation>RTT Client</translation>
    </message>
    <message>
        <source>Round trip to the client</source>
        <translation>Umlaufzeit zum Client</translation>
    </message>
    <message>
        <source>RTT upstream</source>
        <translation>RTT Zielserver</translation>
    </message>
    <message>
        <source>Round trip to the upstream</source>
        <translation>Umlaufzeit zum Zielserver</translation>
    </message>
    <message>
        <source>Id</source>
        <translation>Kennung</translation>
    </message>
    <message>
        <source>Session id</source>
        <translation>Kennung der Sitzung</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>Grund</translation>
    </message>
    <message>
        <source>Reason of the end</source>
        <translation>Grund des Endes</translation>
    </message>
    <message>
        <source>Dialling</source>
        <translation>Wählt</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Offen</translation>
    </message>
    <message>
        <source>Closing</source>
        <translation>Schließt</translation>
    </message>
    <message>
        <source>Ended</source>
        <translation>Beendet</translation>
    </message>
    <message>
        <source>Upstream</source>
        <translation>Zielserver</translation>
    </message>
    <message>
        <source>Relay</source>
        <translation>Relay</translation>
    </message>
    <message>
        <source>Operator</source>
        <translation>Betreiber</translation>
    </message>
    <message>
        <source>%1 ms</source>
        <translation>%1 ms</translation>
    </message>
</context>
<context>
    <name>rr::SessionsPage</name>
    <message>
        <source>Filter by address, origin, model, id or state</source>
        <translation>Nach Adresse, Ursprung, Modell, Kennung oder Zustand filtern</translation>
    </message>
    <message>
        <source>Filter</source>
        <translation>Filter</translation>
    </message>
    <message>
        <source>Show sessions that contain all these words (%1)</source>
        <translation>Sitzungen zeigen, die alle diese Wörter enthalten (%1)</translation>
    </message>
    <message>
        <source>Colu&amp;mns</source>
        <translation>&amp;Spalten</translation>
    </message>
    <message>
        <source>Choose the columns of the table; drag a column&apos;s title to move it</source>
        <translation>Die Spalten der Tabelle wählen; zum Verschieben den Titel einer Spalte ziehen</translation>
    </message>
    <message>
        <source>&amp;Copy</source>
        <translation>&amp;Kopieren</translation>
    </message>
    <message>
        <source>Copy the selected sessions, or all that are shown, as text</source>
        <translation>Die gewählten Sitzungen oder alle gezeigten als Text kopieren</translation>
    </message>
    <message>
        <source>&amp;Export…</source>
        <translation>&amp;Exportieren …</translation>
    </message>
    <message>
        <source>Save the shown sessions to a file, as CSV or JSON</source>
        <translation>Die gezeigten Sitzungen in einer Datei speichern, als CSV oder JSON</translation>
    </message>
    <message>
        <source>En&amp;d session…</source>
        <translation>Sitzung &amp;beenden …</translation>
    </message>
    <message>
        <source>Close the selected sessions</source>
        <translation>Die gewählten Sitzungen schließen</translation>
    </message>
    <message>
        <source>End &amp;all shown…</source>
        <translation>&amp;Alle gezeigten beenden …</translation>
    </message>
    <message>
        <source>Close all live sessions that the filter shows</source>
        <translation>Alle laufenden Sitzungen schließen, die der Filter zeigt</translation>
    </message>
    <message>
        <source>Live: %1    Ended: %2</source>
        <translation>Laufend: %1    Beendet: %2</translation>
    </message>
    <message>
        <source>%1    Hidden by the filter: %2</source>
        <translation>%1    Vom Filter verborgen: %2</translation>
    </message>
    <message>
        <source>No sessions yet. Each one appears here as soon as its client has connected.</source>
        <translation>Noch keine Sitzungen. Jede erscheint hier, sobald sich ihr Client verbunden hat.</translation>
    </message>
    <message>
        <source>No session contains all words of the filter.</source>
        <translation>Keine Sitzung enthält alle Wörter des Filters.</translation>
    </message>
    <message>
        <source>Open in &amp;log</source>
        <translation>Im &amp;Protokoll öffnen</translation>
    </message>
    <message>
        <source>End session</source>
        <translation>Sitzung beenden</translation>
    </message>
    <message>
        <source>End sessions</source>
        <translation>Sitzungen beenden</translation>
    </message>
    <message>
        <source>End this session?</source>
        <translation>Diese Sitzung beenden?</translation>
    </message>
    <message>
        <source>End these %1 sessions?</source>
        <translation>Diese %1 Sitzungen beenden?</translation>
    </message>
    <message>
        <source>Both sides are told that the operator has closed it (4410).</source>
        <translation>Beiden Seiten wird gesagt, dass der Betreiber sie geschlossen hat (4410).</translation>
    </message>
    <message>
        <source>End the session of %1?</source>
        <translation>Die Sitzung von %1 beenden?</translation>
    </message>
    <message>
        <source>End %1 sessions</source>
        <translation>%1 Sitzungen beenden</translation>
    </message>
    <message>
        <source>Export the sessions</source>
        <translation>Sitzungen exportieren</translation>
    </message>
    <message>
        <source>relay-sessions</source>
        <translation>relay-sitzungen</translation>
    </message>
    <message>
        <source>CSV, for spreadsheets</source>
        <translation>CSV, für Tabellenprogramme</translation>
    </message>
    <message>
        <source>JSON</source>
        <translation>JSON</translation>
    </message>
</context>
<context>
    <name>rr::SettingEditor</name>
    <message>
        <source>Browse…</source>
        <translation>Durchsuchen …</translation>
    </message>
    <message>
        <source>Browse for: %1</source>
        <translation>Suchen nach: %1</translation>
    </message>
    <message>
        <source>PEM files (*.pem *.crt *.cer *.key)</source>
        <translation>PEM-Dateien (*.pem *.crt *.cer *.key)</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>Alle Dateien (*)</translation>
    </message>
    <message>
        <source>Unit of: %1</source>
        <translation>Einheit von: %1</translation>
    </message>
    <message>
        <source>On</source>
        <translation>An</translation>
    </message>
</context>
<context>
    <name>rr::SettingField</name>
    <message>
        <source>It stands in the settings file; Apply removes it from there.</source>
        <translation>Es steht in der Einstellungsdatei; Anwenden entfernt es dort.</translation>
    </message>
    <message>
        <source>Correct or remove the environment variable %1, then start this program again.</source>
        <translation>Berichtigen oder entfernen Sie die Umgebungsvariable %1 und starten Sie dieses Programm dann neu.</translation>
    </message>
    <message>
        <source>Reset</source>
        <translation>Zurücksetzen</translation>
    </message>
    <message>
        <source>Reset: %1</source>
        <translation>Zurücksetzen: %1</translation>
    </message>
    <message>
        <source>Back to the default</source>
        <translation>Zurück zur Vorgabe</translation>
    </message>
    <message>
        <source>Set on the command line by %1, so it cannot be changed here.</source>
        <translation>Auf der Befehlszeile durch %1 gesetzt, daher hier nicht zu ändern.</translation>
    </message>
    <message>
        <source>Set by the environment variable %1, so it cannot be changed here.</source>
        <translation>Durch die Umgebungsvariable %1 gesetzt, daher hier nicht zu ändern.</translation>
    </message>
    <message>
        <source>%1 (changed)</source>
        <translation>%1 (geändert)</translation>
    </message>
</context>
<context>
    <name>rr::SettingSections</name>
    <message>
        <source>Sections</source>
        <translation>Abschnitte</translation>
    </message>
    <message>
        <source>Needs attention</source>
        <translation>Braucht Aufmerksamkeit</translation>
    </message>
</context>
<context>
    <name>rr::SettingWords</name>
    <message>
        <source>Listen address</source>
        <translation>Adresse zum Lauschen</translation>
    </message>
    <message>
        <source>Port</source>
        <translation>Port</translation>
    </message>
    <message>
        <source>Certificate file</source>
        <translation>Zertifikatsdatei</translation>
    </message>
    <message>
        <source>Key file</source>
        <translation>Schlüsseldatei</translation>
    </message>
    <message>
        <source>Trusted proxies</source>
        <translation>Vertraute Proxys</translation>
    </message>
    <message>
        <source>Upstream address</source>
        <translation>Adresse des Zielservers</translation>
    </message>
    <message>
        <source>Certificate authorities of the upstream</source>
        <translation>Zertifizierungsstellen des Zielservers</translation>
    </message>
    <message>
        <source>Proxy to the upstream</source>
        <translation>Proxy zum Zielserver</translation>
    </message>
    <message>
        <source>Connect timeout</source>
        <translation>Frist zum Verbinden</translation>
    </message>
    <message>
        <source>Allowed origins</source>
        <translation>Erlaubte Ursprünge</translation>
    </message>
    <message>
        <source>Sessions at once</source>
        <translation>Sitzungen zugleich</translation>
    </message>
    <message>
        <source>Sessions at once from one address</source>
        <translation>Sitzungen zugleich von einer Adresse</translation>
    </message>
    <message>
        <source>New sessions a minute from one address</source>
        <translation>Neue Sitzungen je Minute von einer Adresse</translation>
    </message>
    <message>
        <source>Heartbeat interval</source>
        <translation>Abstand der Lebenszeichen</translation>
    </message>
    <message>
        <source>Inactivity timeout</source>
        <translation>Frist ohne Nachricht</translation>
    </message>
    <message>
        <source>Longest session</source>
        <translation>Längste Sitzung</translation>
    </message>
    <message>
        <source>Handshake timeout</source>
        <translation>Frist für den Handshake</translation>
    </message>
    <message>
        <source>Drain timeout</source>
        <translation>Frist beim Anhalten</translation>
    </message>
    <message>
        <source>Stall timeout</source>
        <translation>Frist bei Stillstand</translation>
    </message>
    <message>
        <source>Largest message</source>
        <translation>Größte Nachricht</translation>
    </message>
    <message>
        <source>Backlog of one direction</source>
        <translation>Rückstau einer Richtung</translation>
    </message>
    <message>
        <source>Backlog of all sessions together</source>
        <translation>Rückstau aller Sitzungen zusammen</translation>
    </message>
    <message>
        <source>Log level</source>
        <translation>Protokollstufe</translation>
    </message>
    <message>
        <source>Log format</source>
        <translation>Protokollformat</translation>
    </message>
    <message>
        <source>Log every event</source>
        <translation>Jedes Ereignis protokollieren</translation>
    </message>
    <message>
        <source>Worker threads</source>
        <translation>Arbeits-Threads</translation>
    </message>
    <message>
        <source>milliseconds</source>
        <translation>Millisekunden</translation>
    </message>
    <message>
        <source>seconds</source>
        <translation>Sekunden</translation>
    </message>
    <message>
        <source>minutes</source>
        <translation>Minuten</translation>
    </message>
    <message>
        <source>hours</source>
        <translation>Stunden</translation>
    </message>
    <message>
        <source>bytes</source>
        <translation>Bytes</translation>
    </message>
    <message>
        <source>KiB</source>
        <translation>KiB</translation>
    </message>
    <message>
        <source>MiB</source>
        <translation>MiB</translation>
    </message>
    <message>
        <source>GiB</source>
        <translation>GiB</translation>
    </message>
    <message>
        <source>%1 to %2.</source>
        <translation>%1 bis %2.</translation>
    </message>
    <message>
        <source>Allowed: %1</source>
        <translation>Erlaubt: %1</translation>
    </message>
    <message>
        <source>For example: %1.</source>
        <translation>Zum Beispiel: %1.</translation>
    </message>
    <message>
        <source>Takes effect when the program starts again.</source>
        <translation>Gilt, sobald das Programm neu startet.</translation>
    </message>
    <message>
        <source>Network</source>
        <translation>Netz</translation>
    </message>
    <message>
        <source>Upstream</source>
        <translation>Zielserver</translation>
    </message>
    <message>
        <source>Origins and limits</source>
        <translation>Ursprünge und Grenzen</translation>
    </message>
    <message>
        <source>Timeouts and sizes</source>
        <translation>Fristen und Größen</translation>
    </message>
    <message>
        <source>Log and threads</source>
        <translation>Protokoll und Threads</translation>
    </message>
    <message>
        <source>Debug</source>
        <translation>Debug</translation>
    </message>
    <message>
        <source>Info</source>
        <translation>Info</translation>
    </message>
    <message>
        <source>Warning</source>
        <translation>Warnung</translation>
    </message>
    <message>
        <source>Error</source>
        <translation>Fehler</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>Text</translation>
    </message>
    <message>
        <source>JSON</source>
        <translation>JSON</translation>
    </message>
    <message>
        <source>This is not a whole number.</source>
        <translation>Das ist keine ganze Zahl.</translation>
    </message>
    <message>
        <source>This is too small.</source>
        <translation>Das ist zu klein.</translation>
    </message>
    <message>
        <source>This is too large.</source>
        <translation>Das ist zu groß.</translation>
    </message>
</context>
<context>
    <name>rr::SettingsPage</name>
    <message>
        <source>Application</source>
        <translation>Programm</translation>
    </message>
    <message>
        <source>&amp;Import…</source>
        <translation>&amp;Importieren …</translation>
    </message>
    <message>
        <source>Take the settings of a file into the fields</source>
        <translation>Die Einstellungen einer Datei in die Felder übernehmen</translation>
    </message>
    <message>
        <source>&amp;Export…</source>
        <translation>&amp;Exportieren …</translation>
    </message>
    <message>
        <source>Save the settings to a file</source>
        <translation>Die Einstellungen in einer Datei speichern</translation>
    </message>
    <message>
        <source>&amp;Reset all</source>
        <translation>A&amp;lles zurücksetzen</translation>
    </message>
    <message>
        <source>Set all fields to their defaults</source>
        <translation>Alle Felder auf ihre Vorgaben setzen</translation>
    </message>
    <message>
        <source>Re&amp;vert</source>
        <translation>&amp;Verwerfen</translation>
    </message>
    <message>
        <source>Forget the changes that are not applied</source>
        <translation>Die nicht angewandten Änderungen vergessen</translation>
    </message>
    <message>
        <source>&amp;Apply</source>
        <translation>An&amp;wenden</translation>
    </message>
    <message>
        <source>Acts at once; no live call is dropped</source>
        <translation>Wirkt sofort; kein laufender Anruf geht verloren</translation>
    </message>
    <message>
        <source>Something needs attention before the changes can be applied.</source>
        <translation>Etwas braucht Aufmerksamkeit, bevor die Änderungen angewandt werden können.</translation>
    </message>
    <message>
        <source>Changes that are not applied yet: %1</source>
        <translation>Noch nicht angewandte Änderungen: %1</translation>
    </message>
    <message>
        <source>Nothing was changed: see what is said beside the field.</source>
        <translation>Nichts wurde geändert: Siehe, was neben dem Feld steht.</translation>
    </message>
    <message>
        <source>Nothing was changed. %1</source>
        <translation>Nichts wurde geändert. %1</translation>
    </message>
    <message>
        <source>Applied: the settings are in force.</source>
        <translation>Angewandt: Die Einstellungen gelten.</translation>
    </message>
    <message>
        <source>Saved. The relay does not start before the rest is right, too: see what is marked.</source>
        <translation>Gespeichert. Das Relay startet erst, wenn auch der Rest stimmt: Siehe, was markiert ist.</translation>
    </message>
    <message>
        <source>The settings file was set aside, and a new one was written.</source>
        <translation>Die Einstellungsdatei wurde beiseitegelegt und eine neue geschrieben.</translation>
    </message>
    <message>
        <source>The file was read. Apply brings its settings into force.</source>
        <translation>Die Datei wurde gelesen. Mit Anwenden gelten ihre Einstellungen.</translation>
    </message>
    <message>
        <source>The file was read. Its settings are in force already.</source>
        <translation>Die Datei wurde gelesen. Ihre Einstellungen gelten bereits.</translation>
    </message>
    <message>
        <source>Import settings</source>
        <translation>Einstellungen importieren</translation>
    </message>
    <message>
        <source>Settings (*.json)</source>
        <translation>Einstellungen (*.json)</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>Alle Dateien (*)</translation>
    </message>
    <message>
        <source>Export settings</source>
        <translation>Einstellungen exportieren</translation>
    </message>
    <message>
        <source>The settings that are in force were saved to %1.</source>
        <translation>Die geltenden Einstellungen wurden in %1 gespeichert.</translation>
    </message>
    <message>
        <source>Quit Realtime Relay?</source>
        <translation>Realtime Relay beenden?</translation>
    </message>
    <message>
        <source>Settings were changed, but not applied.</source>
        <translation>Einstellungen wurden geändert, aber nicht angewandt.</translation>
    </message>
    <message>
        <source>Apply and quit</source>
        <translation>Anwenden und beenden</translation>
    </message>
    <message>
        <source>Quit without them</source>
        <translation>Ohne sie beenden</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
</context>
<context>
    <name>rr::Tray</name>
    <message>
        <source>Start at login</source>
        <translation>Bei der Anmeldung starten</translation>
    </message>
    <message>
        <source>Copy address</source>
        <translation>Adresse kopieren</translation>
    </message>
    <message>
        <source>Open window</source>
        <translation>Fenster öffnen</translation>
    </message>
    <message>
        <source>Open log</source>
        <translation>Protokoll öffnen</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>Beenden</translation>
    </message>
</context>
</TS>
