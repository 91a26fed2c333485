<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de_DE">
<context>
    <name>Access</name>
    <message numerus="yes">
        <source>%n day(s)</source>
        <translation>
            <numerusform>%n Tag</numerusform>
            <numerusform>%n Tagen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n hour(s)</source>
        <translation>
            <numerusform>%n Stunde</numerusform>
            <numerusform>%n Stunden</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n minute(s)</source>
        <translation>
            <numerusform>%n Minute</numerusform>
            <numerusform>%n Minuten</numerusform>
        </translation>
    </message>
    <message>
        <source>Revoked</source>
        <translation>Widerrufen</translation>
    </message>
    <message>
        <source>Expired on %1</source>
        <translation>Abgelaufen am %1</translation>
    </message>
    <message>
        <source>Good, does not expire</source>
        <translation>Gültig, läuft nicht ab</translation>
    </message>
    <message>
        <source>Good, expires in %1</source>
        <translation>Gültig, läuft ab in %1</translation>
    </message>
    <message>
        <source>no limit</source>
        <translation>keine Grenze</translation>
    </message>
    <message>
        <source>of %1</source>
        <translation>von %1</translation>
    </message>
    <message>
        <source>%1 of %2 (%3 %)</source>
        <translation>%1 von %2 (%3 %)</translation>
    </message>
    <message numerus="yes">
        <source>%n call(s) at once</source>
        <translation>
            <numerusform>%n Anruf zugleich</numerusform>
            <numerusform>%n Anrufe zugleich</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n minute(s) a call</source>
        <translation>
            <numerusform>%n Minute je Anruf</numerusform>
            <numerusform>%n Minuten je Anruf</numerusform>
        </translation>
    </message>
    <message>
        <source>none</source>
        <comment>limits</comment>
        <translation>keine</translation>
    </message>
    <message>
        <source>The relay holds no key. Whoever calls brings a key of their own.</source>
        <translation>Im Relay ist kein Schlüssel hinterlegt. Wer anruft, bringt einen eigenen mit.</translation>
    </message>
    <message>
        <source>The relay holds a key. It is kept in the system&apos;s keychain, and used for calls with an access token alone.</source>
        <translation>Im Relay ist ein Schlüssel hinterlegt. Er liegt im Schlüsselbund des Systems und dient nur Anrufen mit einem Zugangstoken.</translation>
    </message>
    <message>
        <source>The relay holds a key. This system has no keychain that could be used, so it is kept in a file that only you can read; it is used for calls with an access token alone.</source>
        <translation>Im Relay ist ein Schlüssel hinterlegt. Dieses System hat keinen brauchbaren Schlüsselbund, deshalb liegt er in einer Datei, die nur Sie lesen können; er dient nur Anrufen mit einem Zugangstoken.</translation>
    </message>
    <message>
        <source>The relay holds a key, from the file %1, which the settings name; it is used for calls with an access token alone. To change it, change that file, or the setting.</source>
        <translation>Im Relay ist ein Schlüssel hinterlegt, aus der Datei %1, die in den Einstellungen steht; er dient nur Anrufen mit einem Zugangstoken. Um ihn zu ändern, ändern Sie diese Datei oder die Einstellung.</translation>
    </message>
    <message>
        <source>The relay holds a key, from the settings file %1; it is used for calls with an access token alone. To change it, change %2 in that file; or remove that there, and a key can be entered here.</source>
        <translation>Im Relay ist ein Schlüssel hinterlegt, durch die Einstellungsdatei %1; er dient nur Anrufen mit einem Zugangstoken. Um ihn zu ändern, ändern Sie %2 in dieser Datei; oder entfernen Sie das dort, dann lässt sich ein Schlüssel hier eingeben.</translation>
    </message>
    <message>
        <source>The relay holds a key, from the file %1; it is used for calls with an access token alone. To change it, change that file: %2, which names it, is fixed by the environment or the command line.</source>
        <translation>Im Relay ist ein Schlüssel hinterlegt, aus der Datei %1; er dient nur Anrufen mit einem Zugangstoken. Um ihn zu ändern, ändern Sie diese Datei: %2, worin sie genannt ist, ist durch die Umgebung oder die Befehlszeile festgelegt.</translation>
    </message>
    <message>
        <source>The relay holds a key, from %1 on the command line; it is used for calls with an access token alone. It cannot be changed here: start the program with another one, or without.</source>
        <translation>Im Relay ist ein Schlüssel hinterlegt, durch %1 auf der Befehlszeile; er dient nur Anrufen mit einem Zugangstoken. Hier lässt er sich nicht ändern: Starten Sie das Programm mit einem anderen oder ohne.</translation>
    </message>
    <message>
        <source>The relay holds a key, from the environment variable %1; it is used for calls with an access token alone. It cannot be changed here: set the variable to another one, or remove it, and start the program again.</source>
        <translation>Im Relay ist ein Schlüssel hinterlegt, durch die Umgebungsvariable %1; er dient nur Anrufen mit einem Zugangstoken. Hier lässt er sich nicht ändern: Setzen Sie die Variable auf einen anderen oder entfernen Sie sie, und starten Sie das Programm neu.</translation>
    </message>
    <message>
        <source>The relay holds a key that calls are made with.</source>
        <translation>Im Relay ist ein Schlüssel hinterlegt, mit dem angerufen wird.</translation>
    </message>
    <message>
        <source>Enter the key of your OpenAI account above: calls with an access token are made with it. Nobody is ever shown it.</source>
        <translation>Tragen Sie oben den Schlüssel Ihres OpenAI-Kontos ein: Anrufe mit einem Zugangstoken werden damit geführt. Gezeigt wird er niemandem.</translation>
    </message>
    <message>
        <source>A store is chosen, but not open yet: that happens when the relay is started. Stop it, and start it again.</source>
        <translation>Eine Datenbank ist gewählt, aber noch nicht geöffnet: das geschieht beim Start des Relays. Halten Sie es an, und starten Sie es neu.</translation>
    </message>
    <message>
        <source>There is a store that knows the tokens and what was spent with them.</source>
        <translation>Eine Datenbank kennt die Zugangstoken und was mit ihnen ausgegeben wurde.</translation>
    </message>
    <message>
        <source>Choose where tokens, costs and the history of calls are kept: &quot;Store&quot; in the settings. A file is enough for one relay.</source>
        <translation>Wählen Sie, wo Zugangstoken, Kosten und der Verlauf der Anrufe aufbewahrt werden: „Datenbank“ in den Einstellungen. Für ein Relay genügt eine Datei.</translation>
    </message>
    <message>
        <source>The relay runs.</source>
        <translation>Das Relay läuft.</translation>
    </message>
    <message>
        <source>Start the relay, so that somebody can call.</source>
        <translation>Starten Sie das Relay, damit jemand anrufen kann.</translation>
    </message>
    <message>
        <source>any</source>
        <comment>models, pages</comment>
        <translation>alle</translation>
    </message>
</context>
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
    <name>Core</name>
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
        <source>The Realtime API to relay to. It has no query of its own: the client&apos;s is forwarded as received.</source>
        <translation>Die Realtime-API, an die weitergeleitet wird. Sie hat keine eigene Abfrage (Query): die des Clients wird weitergegeben, wie sie kommt.</translation>
    </message>
    <message>
        <source>Certificate authorities (PEM) to trust for the upstream, in the place of the system&apos;s.</source>
        <translation>Zertifizierungsstellen (PEM), denen für den Zielserver vertraut wird, anstelle derer des Systems.</translation>
    </message>
    <message>
        <source>How many calls may be open at once. More are refused with 503.</source>
        <translation>Wie viele Anrufe zugleich bestehen dürfen. Weitere werden mit 503 abgelehnt.</translation>
    </message>
    <message>
        <source>no limit</source>
        <translation>keine Grenze</translation>
    </message>
    <message>
        <source>How many calls one client address may have open at once. More are refused with 429.</source>
        <translation>Wie viele Anrufe eine Client-Adresse zugleich führen darf. Weitere werden mit 429 abgelehnt.</translation>
    </message>
    <message>
        <source>no heartbeat</source>
        <translation>kein Lebenszeichen</translation>
    </message>
    <message>
        <source>How often each side is pinged. A side that answers nothing for two intervals is dead, and its call ends.</source>
        <translation>Wie oft jede Seite angepingt wird. Eine Seite, die zwei Abstände lang nicht antwortet, gilt als tot, und ihr Anruf endet.</translation>
    </message>
    <message>
        <source>never</source>
        <translation>nie</translation>
    </message>
    <message>
        <source>A call without a message for this long is closed with 4408.</source>
        <translation>Ein Anruf, der so lange ohne Nachricht ist, wird mit 4408 geschlossen.</translation>
    </message>
    <message>
        <source>A call that has lasted this long is closed with 4409. OpenAI itself ends sessions after 60 minutes.</source>
        <translation>Ein Anruf, der so lange gedauert hat, wird mit 4409 geschlossen. OpenAI selbst beendet Sitzungen nach 60 Minuten.</translation>
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
        <source>How long open calls may go on when the relay stops. Then they are closed with 1001.</source>
        <translation>Wie lange laufende Anrufe weitergehen dürfen, wenn das Relay anhält. Danach werden sie mit 1001 geschlossen.</translation>
    </message>
    <message>
        <source>A call whose one side has stopped reading for this long, while data waits for it, is closed with 1013.</source>
        <translation>Ein Anruf, dessen eine Seite so lange nicht mehr liest, während Daten auf sie warten, wird mit 1013 geschlossen.</translation>
    </message>
    <message>
        <source>The largest message, either way. A larger one ends its call with 1009.</source>
        <translation>Die größte Nachricht, in beide Richtungen. Eine größere beendet ihren Anruf mit 1009.</translation>
    </message>
    <message>
        <source>How much may wait in one direction of a call before the relay stops reading what is sent to it.</source>
        <translation>Wie viel in einer Richtung eines Anrufs warten darf, bevor das Relay aufhört zu lesen, was ihm gesendet wird.</translation>
    </message>
    <message>
        <source>How much may wait in all calls together; at least as much as in one direction.</source>
        <translation>Wie viel in allen Anrufen zusammen warten darf; mindestens so viel wie in einer Richtung.</translation>
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
        <source>How many threads carry the calls.</source>
        <translation>Wie viele Threads die Anrufe tragen.</translation>
    </message>
    <message>
        <source>%1 (Detail: %2)</source>
        <translation>%1 (Einzelheit: %2)</translation>
    </message>
    <message>
        <source>%1 is refused: %2. Allowed: %3.</source>
        <translation>%1 wird abgelehnt: %2. Erlaubt: %3.</translation>
    </message>
    <message>
        <source>the value is missing. Allowed: %1.</source>
        <translation>der Wert fehlt. Erlaubt: %1.</translation>
    </message>
    <message>
        <source>Check that the folder exists, that you may write to it and that the disk is not full.</source>
        <translation>Prüfen Sie, ob es den Ordner gibt, ob Sie darin schreiben dürfen und ob der Datenträger nicht voll ist.</translation>
    </message>
    <message>
        <source>It was not overwritten: mend it, or move it away, and save again.</source>
        <translation>Sie wurde nicht überschrieben: Berichtigen oder verschieben Sie sie und speichern Sie noch einmal.</translation>
    </message>
    <message>
        <source>This program may not listen on port %1. Ports below 1024 need a permission: take a higher one.</source>
        <translation>Dieses Programm darf nicht an Port %1 lauschen. Ports unter 1024 brauchen eine Erlaubnis: Nehmen Sie einen höheren.</translation>
    </message>
    <message>
        <source>Cannot listen on %1 port %2: %3.</source>
        <translation>An %1, Port %2, kann nicht gelauscht werden: %3.</translation>
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
        <source>The certificate in %1 expired on %2. Renew it.</source>
        <translation>Das Zertifikat in %1 ist am %2 abgelaufen. Erneuern Sie es.</translation>
    </message>
    <message>
        <source>%1 refused the call with HTTP %2: %3</source>
        <translation>%1 hat den Anruf mit HTTP %2 abgelehnt: %3</translation>
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
        <source>The connection to the upstream was lost; open a new call.</source>
        <translation>Die Verbindung zum Zielserver ist abgerissen; beginnen Sie einen neuen Anruf.</translation>
    </message>
    <message>
        <source>The upstream stopped answering pings, its connection is taken for lost; open a new call.</source>
        <translation>Der Zielserver antwortet nicht mehr auf Pings, seine Verbindung gilt als abgerissen; beginnen Sie einen neuen Anruf.</translation>
    </message>
    <message>
        <source>No usable API key was sent%1; send one as the subprotocol openai-insecure-api-key.KEY or in the header Authorization: Bearer KEY.</source>
        <translation>Es wurde kein brauchbarer API-Schlüssel gesendet%1; senden Sie einen als Unterprotokoll openai-insecure-api-key.KEY oder im Kopf Authorization: Bearer KEY.</translation>
    </message>
    <message>
        <source>No message went either way%1, so the relay ended the call; open a new one, or have the relay&apos;s operator raise INACTIVITY_TIMEOUT.</source>
        <translation>In keiner Richtung kam eine Nachricht%1, daher hat das Relay den Anruf beendet; beginnen Sie einen neuen oder lassen Sie den Betreiber des Relays INACTIVITY_TIMEOUT erhöhen.</translation>
    </message>
    <message>
        <source>The call reached the relay&apos;s time limit%1; open a new one, or have the relay&apos;s operator raise SESSION_LIMIT.</source>
        <translation>Der Anruf hat die Zeitgrenze des Relays%1 erreicht; beginnen Sie einen neuen oder lassen Sie den Betreiber des Relays SESSION_LIMIT erhöhen.</translation>
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
        <source>The upstream stopped reading and the relay&apos;s buffer stayed full; open a new call in a moment.</source>
        <translation>Der Zielserver las nicht mehr und der Puffer des Relays blieb voll; beginnen Sie gleich einen neuen Anruf.</translation>
    </message>
    <message>
        <source>The client broke the WebSocket protocol%1; check the client&apos;s WebSocket library.</source>
        <translation>Der Client hat das WebSocket-Protokoll verletzt%1; prüfen Sie seine WebSocket-Bibliothek.</translation>
    </message>
    <message>
        <source>The upstream broke the WebSocket protocol%1; open a new call, and check the relay&apos;s upstream URL (UPSTREAM_URL) when it happens again.</source>
        <translation>Der Zielserver hat das WebSocket-Protokoll verletzt%1; beginnen Sie einen neuen Anruf und prüfen Sie die Adresse des Zielservers (UPSTREAM_URL), wenn es wieder geschieht.</translation>
    </message>
    <message>
        <source>The relay is shutting down; open a new call when it is back.</source>
        <translation>Das Relay wird beendet; beginnen Sie einen neuen Anruf, wenn es wieder da ist.</translation>
    </message>
    <message>
        <source>The relay&apos;s operator closed the call; ask the operator before opening a new one.</source>
        <translation>Der Betreiber des Relays hat den Anruf beendet; fragen Sie ihn, bevor Sie einen neuen beginnen.</translation>
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
        <source>%1 minutes</source>
        <translation>%1 Minuten</translation>
    </message>
    <message>
        <source>1 second</source>
        <translation>1 Sekunde</translation>
    </message>
    <message>
        <source>%1 seconds</source>
        <translation>%1 Sekunden</translation>
    </message>
    <message>
        <source>%1 milliseconds</source>
        <translation>%1 Millisekunden</translation>
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
        <source>it has no valid host</source>
        <translation>er hat keinen gültigen Rechnernamen</translation>
    </message>
    <message>
        <source>%1 is set, but %2 is not: set both for wss://, or neither.</source>
        <translation>%1 ist gesetzt, aber %2 nicht: Setzen Sie für wss:// beide, sonst keinen.</translation>
    </message>
    <message>
        <source>all calls together may hold back less</source>
        <translation>alle Anrufe zusammen dürfen weniger zurückhalten</translation>
    </message>
    <message>
        <source>one direction of a call may hold back more</source>
        <translation>eine Richtung eines Anrufs darf mehr zurückhalten</translation>
    </message>
    <message>
        <source>at most %1, which is %2</source>
        <translation>höchstens %1, also %2</translation>
    </message>
    <message>
        <source>at least %1, which is %2</source>
        <translation>mindestens %1, also %2</translation>
    </message>
    <message>
        <source>0 (%1), or %2</source>
        <translation>0 (%1) oder %2</translation>
    </message>
    <message>
        <source>%1 to %2 milliseconds</source>
        <translation>%1 bis %2 Millisekunden</translation>
    </message>
    <message>
        <source>%1 to %2 bytes</source>
        <translation>%1 bis %2 Bytes</translation>
    </message>
    <message>
        <source>%1 to %2</source>
        <translation>%1 bis %2</translation>
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
        <source>The settings file %1 is not JSON: %2 at line %3, column %4.</source>
        <translation>Die Einstellungsdatei %1 ist kein JSON: %2 in Zeile %3, Spalte %4.</translation>
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
        <source>It asks to wait for %1 s.</source>
        <translation>Er bittet, %1 s zu warten.</translation>
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
    <message>
        <source>A page that was opened from a file or in a sandbox has no origin that could be allowed. Serve it, for example from http://localhost.</source>
        <translation>Eine Seite, die aus einer Datei oder in einer Sandbox geöffnet ist, hat keinen Ursprung, der erlaubt werden könnte. Stellen Sie sie über einen Server bereit, zum Beispiel unter http://localhost.</translation>
    </message>
    <message>
        <source>The origin %1 is not in ALLOWED_ORIGINS of this relay. Ask its operator to add it.</source>
        <translation>Der Ursprung %1 steht nicht in ALLOWED_ORIGINS dieses Relays. Bitten Sie seinen Betreiber, ihn aufzunehmen.</translation>
    </message>
    <message>
        <source>This relay is shutting down and takes no new calls. Try again later.</source>
        <translation>Dieses Relay wird beendet und nimmt keine neuen Anrufe an. Versuchen Sie es später noch einmal.</translation>
    </message>
    <message>
        <source>Your address opens more than %1 connections a minute, the limit of this relay. Wait before trying again.</source>
        <translation>Ihre Adresse öffnet mehr als %1 Verbindungen je Minute, die Grenze dieses Relays. Warten Sie, bevor Sie es noch einmal versuchen.</translation>
    </message>
    <message>
        <source>Your address has %1 connections open, the limit of this relay. Close one first.</source>
        <translation>Ihre Adresse hat %1 Verbindungen offen, die Grenze dieses Relays. Schließen Sie zuerst eine.</translation>
    </message>
    <message>
        <source>All %1 places of this relay are taken. Try again later.</source>
        <translation>Alle %1 Plätze dieses Relays sind belegt. Versuchen Sie es später noch einmal.</translation>
    </message>
    <message>
        <source>A client has come.</source>
        <translation>Ein Client ist gekommen.</translation>
    </message>
    <message>
        <source>The upstream is connected.</source>
        <translation>Der Zielserver ist verbunden.</translation>
    </message>
    <message>
        <source>The first audio has come from the upstream.</source>
        <translation>Der erste Ton ist vom Zielserver gekommen.</translation>
    </message>
    <message>
        <source>Client to upstream.</source>
        <translation>Vom Client zum Zielserver.</translation>
    </message>
    <message>
        <source>Upstream to client.</source>
        <translation>Vom Zielserver zum Client.</translation>
    </message>
    <message>
        <source>The connection to the upstream was lost. Check the relay&apos;s internet connection; if that is fine, the upstream has dropped the calls.</source>
        <translation>Die Verbindung zum Zielserver ist abgerissen. Prüfen Sie die Internetverbindung des Relays; ist sie in Ordnung, hat der Zielserver die Anrufe abgebrochen.</translation>
    </message>
    <message>
        <source>Raise the limit of calls at once (MAX_CONNECTIONS), or end calls that are no longer needed.</source>
        <translation>Erhöhen Sie die Grenze gleichzeitiger Anrufe (MAX_CONNECTIONS) oder beenden Sie Anrufe, die niemand mehr braucht.</translation>
    </message>
    <message>
        <source>%1 is not in ALLOWED_ORIGINS. Add it if that page shall use the relay.</source>
        <translation>%1 steht nicht in ALLOWED_ORIGINS. Nehmen Sie den Ursprung auf, wenn die Seite das Relay benutzen soll.</translation>
    </message>
    <message>
        <source>Argument %1 is not an option: a value follows its option (--port 8080) or its &quot;=&quot; (--debug=false).</source>
        <translation>Argument %1 ist keine Option: Ein Wert folgt auf seine Option (--port 8080) oder deren „=“ (--debug=false).</translation>
    </message>
    <message>
        <source>%1 is not an option: see --help.</source>
        <translation>%1 ist keine Option: sehen Sie --help.</translation>
    </message>
    <message>
        <source>%1 in %2</source>
        <translation>%1 in %2</translation>
    </message>
    <message>
        <source>UPSTREAM_URL %1 is not encrypted: keys and conversations can be read on the way. Use wss:// if the upstream offers it.</source>
        <translation>UPSTREAM_URL %1 ist nicht verschlüsselt: Schlüssel und Gespräche können unterwegs gelesen werden. Nehmen Sie wss://, wenn der Zielserver es anbietet.</translation>
    </message>
    <message>
        <source>%1 holds the password of upstreamProxy and others can read it. Run: chmod 600 %1</source>
        <translation>%1 enthält das Passwort von upstreamProxy, und andere können es lesen. Führen Sie aus: chmod 600 %1</translation>
    </message>
    <message>
        <source>%1 or %2</source>
        <translation>%1 oder %2</translation>
    </message>
    <message>
        <source>the value</source>
        <translation>der Wert</translation>
    </message>
    <message>
        <source>A carriage return in the request head is not followed by a line feed.</source>
        <translation>Auf einen Wagenrücklauf im Kopf der Anfrage folgt kein Zeilenvorschub.</translation>
    </message>
    <message>
        <source>A line of the request head ends without a carriage return.</source>
        <translation>Eine Zeile im Kopf der Anfrage endet ohne Wagenrücklauf.</translation>
    </message>
    <message>
        <source>The request head contains a control character.</source>
        <translation>Der Kopf der Anfrage enthält ein Steuerzeichen.</translation>
    </message>
    <message>
        <source>A line of the request head is longer than %1 bytes.</source>
        <translation>Eine Zeile im Kopf der Anfrage ist länger als %1 Bytes.</translation>
    </message>
    <message>
        <source>The request target contains characters that must be percent-encoded.</source>
        <translation>Das Ziel der Anfrage enthält Zeichen, die mit Prozentzeichen geschrieben werden müssen.</translation>
    </message>
    <message>
        <source>The host in the request target is malformed.</source>
        <translation>Der Rechnername im Ziel der Anfrage ist fehlerhaft.</translation>
    </message>
    <message>
        <source>The request target is neither a path nor an http or https address.</source>
        <translation>Das Ziel der Anfrage ist weder ein Pfad noch eine Adresse mit http oder https.</translation>
    </message>
    <message>
        <source>The first line is not a request line of HTTP/1.1: method, target and version, one space between them.</source>
        <translation>Die erste Zeile ist keine Anfragezeile von HTTP/1.1: Methode, Ziel und Version, dazwischen je ein Leerzeichen.</translation>
    </message>
    <message>
        <source>The request method is malformed.</source>
        <translation>Die Methode der Anfrage ist fehlerhaft.</translation>
    </message>
    <message>
        <source>The first line does not end with an HTTP version.</source>
        <translation>Die erste Zeile endet nicht mit einer HTTP-Version.</translation>
    </message>
    <message>
        <source>Only HTTP/1.1 and HTTP/1.0 are spoken here.</source>
        <translation>Hier wird nur HTTP/1.1 und HTTP/1.0 gesprochen.</translation>
    </message>
    <message>
        <source>The request target is missing.</source>
        <translation>Das Ziel der Anfrage fehlt.</translation>
    </message>
    <message>
        <source>A header is continued on the next line.</source>
        <translation>Eine Kopfzeile geht in der nächsten Zeile weiter.</translation>
    </message>
    <message>
        <source>A header has no colon.</source>
        <translation>Eine Kopfzeile hat keinen Doppelpunkt.</translation>
    </message>
    <message>
        <source>A header&apos;s name is empty or contains characters that may not be there.</source>
        <translation>Der Name einer Kopfzeile ist leer oder enthält Zeichen, die dort nicht stehen dürfen.</translation>
    </message>
    <message>
        <source>The request has more than %1 headers.</source>
        <translation>Die Anfrage hat mehr als %1 Kopfzeilen.</translation>
    </message>
    <message>
        <source>The header %1 stands there twice.</source>
        <translation>Die Kopfzeile %1 steht doppelt da.</translation>
    </message>
    <message>
        <source>The Content-Length is not a number.</source>
        <translation>Content-Length ist keine Zahl.</translation>
    </message>
    <message>
        <source>Content-Length and Transfer-Encoding stand side by side.</source>
        <translation>Content-Length und Transfer-Encoding stehen nebeneinander.</translation>
    </message>
    <message>
        <source>Transfer-Encoding does not exist in HTTP/1.0.</source>
        <translation>In HTTP/1.0 gibt es kein Transfer-Encoding.</translation>
    </message>
    <message>
        <source>The Transfer-Encoding does not end with the one &quot;chunked&quot;.</source>
        <translation>Das Transfer-Encoding endet nicht mit dem einen „chunked“.</translation>
    </message>
    <message>
        <source>No Transfer-Encoding but &quot;chunked&quot; is understood here.</source>
        <translation>Hier wird kein Transfer-Encoding außer „chunked“ verstanden.</translation>
    </message>
    <message>
        <source>The header Host is missing.</source>
        <translation>Die Kopfzeile Host fehlt.</translation>
    </message>
    <message>
        <source>The header Host is malformed.</source>
        <translation>Die Kopfzeile Host ist fehlerhaft.</translation>
    </message>
    <message>
        <source>The request head is larger than %1 bytes.</source>
        <translation>Der Kopf der Anfrage ist größer als %1 Bytes.</translation>
    </message>
    <message>
        <source>This address speaks WebSocket: connect with ws:// or wss://.</source>
        <translation>Diese Adresse spricht WebSocket: Verbinden Sie sich mit ws:// oder wss://.</translation>
    </message>
    <message>
        <source>A WebSocket handshake is made with GET.</source>
        <translation>Ein WebSocket-Handshake wird mit GET gemacht.</translation>
    </message>
    <message>
        <source>A WebSocket handshake needs HTTP/1.1.</source>
        <translation>Ein WebSocket-Handshake braucht HTTP/1.1.</translation>
    </message>
    <message>
        <source>A WebSocket handshake has no body.</source>
        <translation>Ein WebSocket-Handshake hat keinen Inhalt.</translation>
    </message>
    <message>
        <source>Only version 13 of WebSocket is spoken here.</source>
        <translation>Hier wird nur Version 13 von WebSocket gesprochen.</translation>
    </message>
    <message>
        <source>The header Sec-WebSocket-Key is not 16 bytes in base64.</source>
        <translation>Die Kopfzeile Sec-WebSocket-Key enthält nicht 16 Bytes in Base64.</translation>
    </message>
    <message>
        <source>A subprotocol contains characters that may not be there.</source>
        <translation>Ein Unterprotokoll enthält Zeichen, die dort nicht stehen dürfen.</translation>
    </message>
    <message>
        <source>Lines of the journal could not be written in time and were dropped.</source>
        <translation>Zeilen des Protokolls konnten nicht rechtzeitig geschrieben werden und fielen weg.</translation>
    </message>
    <message>
        <source>The relay is not listening.</source>
        <translation>Das Relay lauscht nicht.</translation>
    </message>
    <message>
        <source>No connections can be accepted: a resource of the system is used up.</source>
        <translation>Es können keine Verbindungen angenommen werden: Ein Mittel des Systems ist erschöpft.</translation>
    </message>
    <message>
        <source>The relay&apos;s new certificate or key cannot be used; the one before goes on.</source>
        <translation>Das neue Zertifikat oder der neue Schlüssel des Relays kann nicht benutzt werden; das bisherige gilt weiter.</translation>
    </message>
    <message>
        <source>The relay&apos;s certificate has expired: browsers refuse to connect.</source>
        <translation>Das Zertifikat des Relays ist abgelaufen: Browser verweigern die Verbindung.</translation>
    </message>
    <message>
        <source>The relay&apos;s certificate expires soon.</source>
        <translation>Das Zertifikat des Relays läuft bald ab.</translation>
    </message>
    <message>
        <source>Calls do not reach the upstream.</source>
        <translation>Anrufe erreichen den Zielserver nicht.</translation>
    </message>
    <message>
        <source>The upstream refuses calls.</source>
        <translation>Der Zielserver lehnt Anrufe ab.</translation>
    </message>
    <message>
        <source>Calls were cut off in the middle.</source>
        <translation>Anrufe wurden mittendrin abgeschnitten.</translation>
    </message>
    <message>
        <source>All places are taken: callers are turned away.</source>
        <translation>Alle Plätze sind belegt: Anrufer werden abgewiesen.</translation>
    </message>
    <message>
        <source>A web page was turned away: its origin is not allowed.</source>
        <translation>Eine Webseite wurde abgewiesen: Ihr Ursprung ist nicht erlaubt.</translation>
    </message>
    <message>
        <source>Lines of the log could not be written.</source>
        <translation>Zeilen des Protokolls konnten nicht geschrieben werden.</translation>
    </message>
    <message>
        <source>Get a new certificate and set it as TLS_CERT_FILE.</source>
        <translation>Besorgen Sie ein neues Zertifikat und geben Sie es als TLS_CERT_FILE an.</translation>
    </message>
    <message>
        <source>It expires within a day. Renew it; the relay reads the new file by itself.</source>
        <translation>Es läuft binnen eines Tages ab. Erneuern Sie es; das Relay liest die neue Datei von selbst.</translation>
    </message>
    <message>
        <source>It expires in %1 days. Renew it; the relay reads the new file by itself.</source>
        <translation>Es läuft in %1 Tagen ab. Erneuern Sie es; das Relay liest die neue Datei von selbst.</translation>
    </message>
    <message>
        <source>1 millisecond</source>
        <translation>1 Millisekunde</translation>
    </message>
    <message>
        <source>%1 bytes</source>
        <translation>%1 Bytes</translation>
    </message>
    <message>
        <source>%1 answered HTTP %2 where a WebSocket was asked for; check the relay&apos;s upstream URL (UPSTREAM_URL), and whether a sign-in page stands between the relay and the internet.</source>
        <translation>%1 hat mit HTTP %2 geantwortet, wo ein WebSocket gefragt war; prüfen Sie die Adresse des Zielservers (UPSTREAM_URL) und ob eine Anmeldeseite zwischen dem Relay und dem Internet steht.</translation>
    </message>
    <message>
        <source>The upstream</source>
        <translation>Der Zielserver</translation>
    </message>
    <message>
        <source>No longer so: %1</source>
        <translation>Nicht mehr so: %1</translation>
    </message>
    <message>
        <source>The relay is not running.</source>
        <translation>Das Relay läuft nicht.</translation>
    </message>
    <message>
        <source>Check that the disk is not full, and that what reads the log keeps up.</source>
        <translation>Prüfen Sie, ob der Datenträger voll ist und ob mitkommt, was das Protokoll liest.</translation>
    </message>
    <message>
        <source>If there are too many open files, raise the limit (ulimit -n, LimitNOFILE) or lower MAX_CONNECTIONS. New connections wait until there is room.</source>
        <translation>Sind zu viele Dateien offen, erhöhen Sie die Grenze (ulimit -n, LimitNOFILE) oder verringern Sie MAX_CONNECTIONS. Neue Verbindungen warten, bis Platz ist.</translation>
    </message>
    <message>
        <source>Connections are accepted again.</source>
        <translation>Verbindungen werden wieder angenommen.</translation>
    </message>
    <message>
        <source>A WebSocket was asked for at %1, where there is none; calls go to /realtime.</source>
        <translation>Unter %1 wurde ein WebSocket verlangt, wo keiner ist; Anrufe gehen an /realtime.</translation>
    </message>
    <message>
        <source>the key holds characters that no key has</source>
        <translation>der Schlüssel enthält Zeichen, die kein Schlüssel hat</translation>
    </message>
    <message>
        <source>no key was sent</source>
        <translation>es wurde kein Schlüssel gesendet</translation>
    </message>
    <message>
        <source>Nothing may follow an upgrade request before its answer.</source>
        <translation>Auf eine Anfrage nach einem Upgrade darf vor ihrer Antwort nichts folgen.</translation>
    </message>
    <message>
        <source>The request has more than %1 bytes.</source>
        <translation>Die Anfrage hat mehr als %1 Bytes.</translation>
    </message>
    <message>
        <source>The body of the request is not made of chunks, as its head says.</source>
        <translation>Der Inhalt der Anfrage besteht nicht aus Stücken, wie ihr Kopf sagt.</translation>
    </message>
    <message>
        <source>The request does not say how long its body is.</source>
        <translation>Die Anfrage sagt nicht, wie lang ihr Inhalt ist.</translation>
    </message>
    <message>
        <source>The relay is listening.</source>
        <translation>Das Relay lauscht.</translation>
    </message>
    <message>
        <source>Asked to stop: no new calls, and the live ones may finish. Ask again to stop at once.</source>
        <translation>Es soll anhalten: keine neuen Anrufe, und die laufenden dürfen zu Ende gehen. Noch einmal verlangt, hält es sofort an.</translation>
    </message>
    <message>
        <source>The relay has stopped.</source>
        <translation>Das Relay hat angehalten.</translation>
    </message>
    <message>
        <source>MAX_CONNECTIONS is more than the limit of open files allows. Raise the limit (ulimit -n, LimitNOFILE).</source>
        <translation>MAX_CONNECTIONS ist mehr, als die Grenze der offenen Dateien erlaubt. Heben Sie die Grenze an (ulimit -n, LimitNOFILE).</translation>
    </message>
    <message>
        <source>The settings were read again and are in force.</source>
        <translation>Die Einstellungen wurden neu gelesen und gelten.</translation>
    </message>
    <message>
        <source>has a carriage return without a line feed in its head</source>
        <translation>hat im Kopf einen Wagenrücklauf ohne Zeilenvorschub</translation>
    </message>
    <message>
        <source>has a line that ends without a carriage return in its head</source>
        <translation>hat im Kopf eine Zeile, die ohne Wagenrücklauf endet</translation>
    </message>
    <message>
        <source>has a control character in its head</source>
        <translation>hat ein Steuerzeichen im Kopf</translation>
    </message>
    <message>
        <source>has too large a head</source>
        <translation>hat einen zu großen Kopf</translation>
    </message>
    <message>
        <source>has a header that is continued on the next line</source>
        <translation>hat ein Kopffeld, das in der nächsten Zeile weitergeht</translation>
    </message>
    <message>
        <source>has a header without a colon</source>
        <translation>hat ein Kopffeld ohne Doppelpunkt</translation>
    </message>
    <message>
        <source>has a header whose name is none</source>
        <translation>hat ein Kopffeld, dessen Name keiner ist</translation>
    </message>
    <message>
        <source>has a Content-Length that is not one number</source>
        <translation>hat eine Content-Length, die nicht eine Zahl ist</translation>
    </message>
    <message>
        <source>has Content-Length and Transfer-Encoding side by side</source>
        <translation>hat Content-Length und Transfer-Encoding nebeneinander</translation>
    </message>
    <message>
        <source>has a Transfer-Encoding, which does not exist in HTTP/1.0</source>
        <translation>hat ein Transfer-Encoding, das es in HTTP/1.0 nicht gibt</translation>
    </message>
    <message>
        <source>has a Transfer-Encoding with &quot;chunked&quot; in another place than the last</source>
        <translation>hat ein Transfer-Encoding mit &quot;chunked&quot; an anderer als der letzten Stelle</translation>
    </message>
    <message>
        <source>is not HTTP/1.1</source>
        <translation>ist kein HTTP/1.1</translation>
    </message>
    <message>
        <source>has no status of HTTP</source>
        <translation>hat keinen HTTP-Status</translation>
    </message>
    <message>
        <source>switches protocols in HTTP/1.0, where none can be switched</source>
        <translation>wechselt das Protokoll in HTTP/1.0, wo das nicht geht</translation>
    </message>
    <message>
        <source>switches to another protocol than WebSocket</source>
        <translation>wechselt zu einem anderen Protokoll als WebSocket</translation>
    </message>
    <message>
        <source>switches protocols without saying so in Connection</source>
        <translation>wechselt das Protokoll, ohne es in Connection zu sagen</translation>
    </message>
    <message>
        <source>is to another handshake than this one (Sec-WebSocket-Accept)</source>
        <translation>gehört zu einem anderen Handshake als diesem (Sec-WebSocket-Accept)</translation>
    </message>
    <message>
        <source>uses a WebSocket extension that nobody asked for</source>
        <translation>benutzt eine WebSocket-Erweiterung, um die niemand gebeten hat</translation>
    </message>
    <message>
        <source>chooses a subprotocol that nobody offered</source>
        <translation>wählt ein Unterprotokoll, das niemand angeboten hat</translation>
    </message>
    <message>
        <source>its answer %1</source>
        <translation>seine Antwort %1</translation>
    </message>
    <message>
        <source>its answer was not taken by QWebSocket</source>
        <translation>seine Antwort wurde von QWebSocket nicht angenommen</translation>
    </message>
    <message>
        <source>the connection was closed before the handshake was answered</source>
        <translation>die Verbindung wurde geschlossen, bevor der Handshake beantwortet war</translation>
    </message>
    <message>
        <source>the connection was lost</source>
        <translation>die Verbindung ist abgerissen</translation>
    </message>
    <message>
        <source>it did not answer in time</source>
        <translation>er hat nicht rechtzeitig geantwortet</translation>
    </message>
    <message>
        <source>connected, but the handshake was not answered</source>
        <translation>verbunden, aber der Handshake wurde nicht beantwortet</translation>
    </message>
    <message>
        <source>its answer does not end</source>
        <translation>seine Antwort endet nicht</translation>
    </message>
    <message>
        <source>no certificate can be for this name</source>
        <translation>für diesen Namen kann es kein Zertifikat geben</translation>
    </message>
    <message>
        <source>the TLS handshake failed</source>
        <translation>der TLS-Handshake ist gescheitert</translation>
    </message>
    <message>
        <source>This relay does not go by the name in the header Host. Its operator can add the name to ALLOWED_HOSTS, or name a proxy in front of it in TRUSTED_PROXIES.</source>
        <translation>Dieses Relay hört nicht auf den Namen in der Kopfzeile Host. Sein Betreiber kann den Namen in ALLOWED_HOSTS aufnehmen oder einen Proxy davor in TRUSTED_PROXIES nennen.</translation>
    </message>
    <message>
        <source>This is for the relay&apos;s operator: send Authorization: Bearer and its STATS_TOKEN.</source>
        <translation>Das ist für den Betreiber des Relays: Senden Sie Authorization: Bearer und das STATS_TOKEN des Relays.</translation>
    </message>
    <message>
        <source>The upstream ended calls with the close code %1. When it happens again, check its status page. (%2)</source>
        <translation>Der Zielserver hat Anrufe mit dem Schließcode %1 beendet. Geschieht es wieder, sehen Sie auf seine Statusseite. (%2)</translation>
    </message>
    <message>
        <source>Check what the client asks for, and the permissions of its API key.</source>
        <translation>Prüfen Sie, was der Client verlangt, und die Rechte seines API-Schlüssels.</translation>
    </message>
    <message>
        <source>Check the limits and the billing of the account.</source>
        <translation>Prüfen Sie die Grenzen und die Abrechnung des Kontos.</translation>
    </message>
    <message>
        <source>Check the client&apos;s API key, or make a new one.</source>
        <translation>Prüfen Sie den API-Schlüssel des Clients oder erstellen Sie einen neuen.</translation>
    </message>
    <message>
        <source>Check the model&apos;s name in the client.</source>
        <translation>Prüfen Sie den Namen des Modells im Client.</translation>
    </message>
    <message>
        <source>it is about the connection to the relay, and means nothing behind it</source>
        <translation>diese Kopfzeile betrifft die Verbindung zum Relay und bedeutet dahinter nichts</translation>
    </message>
    <message>
        <source>it belongs to the handshake, which the relay makes anew with the upstream</source>
        <translation>diese Kopfzeile gehört zum Handshake, den das Relay mit dem Zielserver neu macht</translation>
    </message>
    <message>
        <source>the relay passes the client&apos;s key on by itself</source>
        <translation>das Relay gibt den Schlüssel des Clients von selbst weiter</translation>
    </message>
    <message>
        <source>it names a web page, and to the upstream the relay is none</source>
        <translation>diese Kopfzeile nennt eine Webseite, und für den Zielserver ist das Relay keine</translation>
    </message>
    <message>
        <source>all headers would be too many: write how the names begin, for example X-Portkey-*</source>
        <translation>alle Kopfzeilen wären zu viele: schreiben Sie, wie die Namen beginnen, zum Beispiel X-Portkey-*</translation>
    </message>
    <message>
        <source>it is neither the name of a header nor a beginning with one * behind it</source>
        <translation>das ist weder der Name einer Kopfzeile noch ein Anfang mit einem * dahinter</translation>
    </message>
    <message>
        <source>anybody can have such a host; write out the last two parts, as in https://*.example.org or https://app-*.example.org</source>
        <translation>einen solchen Rechnernamen kann jeder haben; schreiben Sie die letzten beiden Teile aus, wie in https://*.example.org oder https://app-*.example.org</translation>
    </message>
    <message>
        <source>an address has no * in it</source>
        <translation>eine Adresse enthält keinen *</translation>
    </message>
    <message>
        <source>the address of another service that is named &quot;relay&quot;, set by Kubernetes or Docker</source>
        <translation>die Adresse eines anderen Dienstes namens „relay“, von Kubernetes oder Docker gesetzt</translation>
    </message>
    <message>
        <source>no address to listen on</source>
        <translation>keine Adresse zum Lauschen</translation>
    </message>
    <message>
        <source>neither yes nor no</source>
        <translation>weder ja noch nein</translation>
    </message>
    <message>
        <source>The environment variable %1 is not a setting and is passed over. Is %2 meant?</source>
        <translation>Die Umgebungsvariable %1 ist keine Einstellung und wird übergangen. Ist %2 gemeint?</translation>
    </message>
    <message>
        <source>The environment variable %1 is not a setting and is passed over: see --help.</source>
        <translation>Die Umgebungsvariable %1 ist keine Einstellung und wird übergangen: sehen Sie --help.</translation>
    </message>
    <message>
        <source>it is a folder</source>
        <translation>das ist ein Ordner</translation>
    </message>
    <message>
        <source>it is a pipe or a device, not a file</source>
        <translation>das ist eine Pipe oder ein Gerät, keine Datei</translation>
    </message>
    <message>
        <source>it is larger than %1 bytes</source>
        <translation>die Datei ist größer als %1 Bytes</translation>
    </message>
    <message>
        <source>SOCKS is spoken in its version 5 only; write socks5:// if the proxy speaks that</source>
        <translation>SOCKS wird nur in Version 5 gesprochen; schreiben Sie socks5://, wenn der Proxy sie spricht</translation>
    </message>
    <message>
        <source>a proxy is not reached by TLS, which is made through it; write http:// if it can be reached so, else socks5://</source>
        <translation>ein Proxy wird nicht über TLS erreicht, das erst durch ihn hindurch entsteht; schreiben Sie http://, wenn er so zu erreichen ist, sonst socks5://</translation>
    </message>
    <message>
        <source>only the host&apos;s name is written here, without scheme, port and path</source>
        <translation>hier steht nur der Rechnername, ohne Schema, Port und Pfad</translation>
    </message>
    <message>
        <source>it is not the name of a host</source>
        <translation>das ist kein Rechnername</translation>
    </message>
    <message>
        <source>it is so short that it could be guessed</source>
        <translation>das Token ist so kurz, dass es erraten werden könnte</translation>
    </message>
    <message>
        <source>it holds characters that cannot be sent as a token</source>
        <translation>das Token enthält Zeichen, die nicht als solches gesendet werden können</translation>
    </message>
    <message>
        <source>it holds a line feed, tab or the like; a backslash is written twice in the settings file</source>
        <translation>der Pfad enthält einen Zeilenvorschub, Tabulator oder Ähnliches; ein Backslash wird in der Einstellungsdatei doppelt geschrieben</translation>
    </message>
    <message>
        <source>The settings file %1 is written in UTF-16: save it as UTF-8.</source>
        <translation>Die Einstellungsdatei %1 ist in UTF-16 geschrieben: Speichern Sie sie als UTF-8.</translation>
    </message>
    <message>
        <source>a single backslash, which is written twice there (C:\\relay)</source>
        <translation>ein einzelner Backslash, der dort doppelt geschrieben wird (C:\\relay),</translation>
    </message>
    <message>
        <source>%1 stands more than once in %2: the last one counts.</source>
        <translation>%1 steht mehr als einmal in %2: Der letzte Eintrag gilt.</translation>
    </message>
    <message>
        <source>It does not count, for %1 overrides it.</source>
        <translation>Das zählt nicht, denn %1 hat Vorrang.</translation>
    </message>
    <message>
        <source>The environment variable %1 is &quot;%2&quot;: it is %3, so it is taken for another program&apos;s and passed over. Set what the relay is to have as %4, or unset %1.</source>
        <translation>Die Umgebungsvariable %1 ist „%2“: Das ist %3, daher gilt sie als die eines anderen Programms und wird übergangen. Setzen Sie, was das Relay haben soll, als %4, oder entfernen Sie %1.</translation>
    </message>
    <message>
        <source>NO_PROXY has &quot;%1&quot;, which is passed over: it is neither a host, a domain, an address, a subnet nor *.</source>
        <translation>In NO_PROXY steht „%1“ und wird übergangen: Es ist weder ein Rechnername, eine Domain, eine Adresse, ein Teilnetz noch *.</translation>
    </message>
    <message>
        <source>ALLOWED_ORIGINS has %1: others can have a page there, too, and it is let in. Name your pages one by one, or give them a domain of your own.</source>
        <translation>In ALLOWED_ORIGINS steht %1: Dort können auch andere eine Seite haben, und sie wird eingelassen. Nennen Sie Ihre Seiten einzeln oder geben Sie ihnen eine eigene Domain.</translation>
    </message>
    <message>
        <source>%1 holds the statsToken and others can read it. Run: chmod 600 %1</source>
        <translation>%1 enthält das statsToken, und andere können es lesen. Führen Sie aus: chmod 600 %1</translation>
    </message>
    <message>
        <source>%1 and %2 are the same: give %1 another one.</source>
        <translation>%1 und %2 sind gleich: Geben Sie %1 einen anderen Wert.</translation>
    </message>
    <message>
        <source>The address to listen on for ADMIN_PORT.</source>
        <translation>Die Adresse, auf der für ADMIN_PORT gelauscht wird.</translation>
    </message>
    <message>
        <source>none of their own</source>
        <translation>kein eigener</translation>
    </message>
    <message>
        <source>A port of their own for /stats and /metrics: PORT then has them no more. /health is at both; it speaks TLS if PORT does.</source>
        <translation>Ein eigener Port für /stats und /metrics: PORT hat sie dann nicht mehr. /health gibt es an beiden; er spricht TLS, wenn PORT es tut.</translation>
    </message>
    <message>
        <source>16 or more of letters, digits and - . _ ~ + /, with = at the end, or empty</source>
        <translation>16 oder mehr Buchstaben, Ziffern und - . _ ~ + /, mit = am Ende, oder leer</translation>
    </message>
    <message>
        <source>Who asks for /stats or /metrics must send it: Authorization: Bearer TOKEN. When empty, anyone may ask.</source>
        <translation>Wer nach /stats oder /metrics fragt, muss es senden: Authorization: Bearer TOKEN. Ist es leer, darf jeder fragen.</translation>
    </message>
    <message>
        <source>The proxy through which the upstream is reached. When empty, HTTPS_PROXY, ALL_PROXY and NO_PROXY of the environment count, as for curl.</source>
        <translation>Der Proxy, über den der Zielserver erreicht wird. Ist er leer, gelten HTTPS_PROXY, ALL_PROXY und NO_PROXY der Umgebung, wie für curl.</translation>
    </message>
    <message>
        <source>names of headers, or beginnings such as X-Portkey-*, comma separated, or empty</source>
        <translation>Namen von Kopfzeilen oder Anfänge wie X-Portkey-*, durch Kommas getrennt, oder leer</translation>
    </message>
    <message>
        <source>What else of a client&apos;s request headers is passed on to the upstream, for gateways that read headers of their own.</source>
        <translation>Welche Kopfzeilen aus der Anfrage eines Clients außerdem an den Zielserver weitergegeben werden, für Gateways, die eigene Kopfzeilen lesen.</translation>
    </message>
    <message>
        <source>origins such as https://app.example.org, https://*.example.org, https://app-*.example.org, moz-extension://*, http://localhost:* or *, comma separated</source>
        <translation>Ursprünge wie https://app.example.org, https://*.example.org, https://app-*.example.org, moz-extension://*, http://localhost:* oder *, durch Kommas getrennt</translation>
    </message>
    <message>
        <source>The web pages that may use the relay, by their origin; * is every page, and within a host a part of it. Programs that are no browsers send no origin, or the relay&apos;s own, and are let in.</source>
        <translation>Die Webseiten, die das Relay benutzen dürfen, nach ihrem Ursprung (Origin); * heißt jede Seite, und in einem Rechnernamen ein Teil davon. Programme, die keine Browser sind, senden keinen Ursprung oder den des Relays selbst und werden eingelassen.</translation>
    </message>
    <message>
        <source>host names such as relay.example.org, *.example.org or *, comma separated, or empty</source>
        <translation>Rechnernamen wie relay.example.org, *.example.org oder *, durch Kommas getrennt, oder leer</translation>
    </message>
    <message>
        <source>The names under which the relay may be asked, against pages that have their own name point to it. Addresses and localhost always are. When empty: every name; where it listens for this machine only, none that strangers could have, unless a trusted proxy asks.</source>
        <translation>Die Namen, unter denen das Relay gefragt werden darf; das schützt vor Seiten, die ihren eigenen Namen auf das Relay zeigen lassen. Adressen und localhost gelten immer. Ist die Liste leer: jeder Name; lauscht das Relay nur für diesen Rechner, keiner, den Fremde haben könnten, es sei denn, ein vertrauter Proxy fragt.</translation>
    </message>
    <message>
        <source>twice MAX_CONNECTIONS, 4096 at the least</source>
        <translation>doppelt so viele wie MAX_CONNECTIONS, mindestens 4096</translation>
    </message>
    <message>
        <source>as many as MAX_CONNECTIONS, 64 at the least</source>
        <translation>so viele wie MAX_CONNECTIONS, mindestens 64</translation>
    </message>
    <message>
        <source>The same of one client address; a trusted proxy has no such limit.</source>
        <translation>Dasselbe für eine Client-Adresse; ein vertrauter Proxy hat keine solche Grenze.</translation>
    </message>
    <message>
        <source>A client sends no API key.</source>
        <translation>Ein Client sendet keinen API-Schlüssel.</translation>
    </message>
    <message>
        <source>The upstream does not accept a client&apos;s API key.</source>
        <translation>Der Zielserver nimmt den API-Schlüssel eines Clients nicht an.</translation>
    </message>
    <message>
        <source>The account of a client has no quota left.</source>
        <translation>Das Konto eines Clients hat kein Guthaben mehr.</translation>
    </message>
    <message>
        <source>The upstream does not know the model that a client asks for.</source>
        <translation>Der Zielserver kennt das Modell nicht, das ein Client verlangt.</translation>
    </message>
    <message>
        <source>The upstream refuses a client&apos;s calls.</source>
        <translation>Der Zielserver lehnt die Anrufe eines Clients ab.</translation>
    </message>
    <message>
        <source>Connections were cut that had sent no request yet.</source>
        <translation>Verbindungen wurden getrennt, die noch keine Anfrage gesendet hatten.</translation>
    </message>
    <message>
        <source>Port %1 is in use by another program. Stop that program, or set %2 to another one.</source>
        <translation>Port %1 wird von einem anderen Programm benutzt. Beenden Sie es oder setzen Sie %2 auf einen anderen.</translation>
    </message>
    <message>
        <source>This machine does not have the address %1. Set %2 to one that it has, or to 0.0.0.0 for all.</source>
        <translation>Dieser Rechner hat die Adresse %1 nicht. Setzen Sie %2 auf eine, die er hat, oder auf 0.0.0.0 für alle.</translation>
    </message>
    <message>
        <source>The name %1 has no address. Set %2 to an address of this machine, or to 0.0.0.0 for all.</source>
        <translation>Der Name %1 hat keine Adresse. Setzen Sie %2 auf eine Adresse dieses Rechners oder auf 0.0.0.0 für alle.</translation>
    </message>
    <message>
        <source>%1 holds no certificate in PEM form, for it is binary (DER or PKCS #12). Make PEM of it: openssl x509 -inform der -in OLD -out NEW, or openssl pkcs12 -nokeys -in OLD -out NEW</source>
        <translation>%1 enthält kein Zertifikat in PEM-Form, denn die Datei ist binär (DER oder PKCS #12). Machen Sie PEM daraus: openssl x509 -inform der -in ALT -out NEU, oder openssl pkcs12 -nokeys -in ALT -out NEU</translation>
    </message>
    <message>
        <source>The key in %1 cannot be used: %2.</source>
        <translation>Der Schlüssel in %1 kann nicht benutzt werden: %2.</translation>
    </message>
    <message>
        <source>The certificate in %1 is not valid before %2. Does this machine&apos;s clock go right? It says %3.</source>
        <translation>Das Zertifikat in %1 ist vor dem %2 nicht gültig. Geht die Uhr dieses Rechners richtig? Sie sagt %3.</translation>
    </message>
    <message>
        <source>The certificate in %1 cannot be used: %2.</source>
        <translation>Das Zertifikat in %1 kann nicht benutzt werden: %2.</translation>
    </message>
    <message>
        <source>The key in %1 does not belong to the certificate in %2, where the relay&apos;s own must be the first.</source>
        <translation>Der Schlüssel in %1 gehört nicht zum Zertifikat in %2, wo das des Relays selbst das erste sein muss.</translation>
    </message>
    <message>
        <source>%1 was reached and answers (HTTP 400).</source>
        <translation>%1 wurde erreicht und antwortet (HTTP 400).</translation>
    </message>
    <message>
        <source>%1 was reached and serves this region; it asks for a key, as it should.</source>
        <translation>%1 wurde erreicht und bedient diese Region; er verlangt einen Schlüssel, wie es sein soll.</translation>
    </message>
    <message>
        <source>%1 was reached, but does not serve this region. Run the relay on a machine in a supported region.</source>
        <translation>%1 wurde erreicht, bedient aber diese Region nicht. Lassen Sie das Relay auf einem Rechner in einer unterstützten Region laufen.</translation>
    </message>
    <message>
        <source>%1 was reached, but refuses this machine (HTTP 403). Perhaps this region or network is not supported, or a firewall on the way answers.</source>
        <translation>%1 wurde erreicht, weist aber diesen Rechner ab (HTTP 403). Vielleicht wird diese Region oder dieses Netz nicht unterstützt, oder eine Firewall auf dem Weg antwortet.</translation>
    </message>
    <message>
        <source>%1 was reached; it asks to slow down (HTTP 429).</source>
        <translation>%1 wurde erreicht; er bittet um weniger Anfragen (HTTP 429).</translation>
    </message>
    <message>
        <source>%1 was reached and opens calls, even without a key.</source>
        <translation>%1 wurde erreicht und nimmt Anrufe an, sogar ohne Schlüssel.</translation>
    </message>
    <message>
        <source>The proxy in the environment variable %1 cannot be used: %2. Correct it, set UPSTREAM_PROXY instead, or name the upstream&apos;s host in NO_PROXY.</source>
        <translation>Der Proxy in der Umgebungsvariable %1 kann nicht benutzt werden: %2. Berichtigen Sie ihn, setzen Sie stattdessen UPSTREAM_PROXY oder nennen Sie den Rechnernamen des Zielservers in NO_PROXY.</translation>
    </message>
    <message>
        <source>The address %1 opens connections and asks nothing. If all clients come from there, raise MAX_HALF_OPEN_PER_IP, or name the proxy in TRUSTED_PROXIES.</source>
        <translation>Die Adresse %1 öffnet Verbindungen und fragt nichts. Kommen alle Clients von dort, erhöhen Sie MAX_HALF_OPEN_PER_IP oder nennen Sie den Proxy in TRUSTED_PROXIES.</translation>
    </message>
    <message>
        <source>There are more connections that ask nothing than MAX_HALF_OPEN allows. If so many clients come at once, raise it.</source>
        <translation>Es gibt mehr Verbindungen, die nichts fragen, als MAX_HALF_OPEN erlaubt. Kommen so viele Clients auf einmal, erhöhen Sie es.</translation>
    </message>
    <message>
        <source>the key is encrypted, and the relay asks for no passphrase; write it without one: openssl pkey -in OLD -out NEW</source>
        <translation>der Schlüssel ist verschlüsselt, und das Relay fragt nach keinem Kennwort; schreiben Sie ihn ohne eines: openssl pkey -in ALT -out NEU</translation>
    </message>
    <message>
        <source>it is binary (DER or PKCS #12); make PEM of it: openssl pkey -inform der -in OLD -out NEW, or openssl pkcs12 -nodes -nocerts -in OLD -out NEW</source>
        <translation>er ist binär (DER oder PKCS #12); machen Sie PEM daraus: openssl pkey -inform der -in ALT -out NEU, oder openssl pkcs12 -nodes -nocerts -in ALT -out NEU</translation>
    </message>
    <message>
        <source>there is no private key in PEM form in it</source>
        <translation>darin steht kein privater Schlüssel in PEM-Form</translation>
    </message>
    <message>
        <source>its key is too short: have one made with RSA of 2048 bits or EC P-256</source>
        <translation>sein Schlüssel ist zu kurz: lassen Sie eines mit RSA von 2048 Bit oder EC P-256 ausstellen</translation>
    </message>
    <message>
        <source>the key of an authority in its chain is too short</source>
        <translation>der Schlüssel einer Zertifizierungsstelle in seiner Kette ist zu kurz</translation>
    </message>
    <message>
        <source>it is signed with a hash that is too weak: have one made with SHA-256</source>
        <translation>es ist mit einem zu schwachen Hash unterschrieben: lassen Sie eines mit SHA-256 ausstellen</translation>
    </message>
    <message>
        <source>its answer is none of HTTP</source>
        <translation>seine Antwort ist keine von HTTP</translation>
    </message>
    <message>
        <source>it closed the connection and did not answer</source>
        <translation>er hat die Verbindung geschlossen und nicht geantwortet</translation>
    </message>
    <message>
        <source>The reverse proxies in front of the relay. Only from these is X-Forwarded-For believed, and the PROXY protocol understood.</source>
        <translation>Die Reverse-Proxys vor dem Relay. Nur ihnen wird X-Forwarded-For geglaubt, und nur von ihnen wird das PROXY-Protokoll verstanden.</translation>
    </message>
    <message>
        <source>%1 (repeated: %2)</source>
        <translation>%1 (wiederholt: %2)</translation>
    </message>
    <message>
        <source>%1 more lines like this one were left out: %2</source>
        <translation>%1 weitere Zeilen wie diese wurden ausgelassen: %2</translation>
    </message>
    <message>
        <source>Clients do not accept the relay&apos;s certificate.</source>
        <translation>Clients nehmen das Zertifikat des Relays nicht an.</translation>
    </message>
    <message>
        <source>A proxy that is not trusted speaks the PROXY protocol: its clients are turned away.</source>
        <translation>Ein Proxy, dem nicht vertraut wird, spricht das PROXY-Protokoll: Seine Clients werden abgewiesen.</translation>
    </message>
    <message>
        <source>A proxy speaks the PROXY protocol wrongly: its clients are turned away.</source>
        <translation>Ein Proxy spricht das PROXY-Protokoll falsch: Seine Clients werden abgewiesen.</translation>
    </message>
    <message>
        <source>Clients speak TLS to this relay, which has no certificate.</source>
        <translation>Clients sprechen TLS mit diesem Relay, das kein Zertifikat hat.</translation>
    </message>
    <message>
        <source>Clients speak to this relay without TLS, and it has a certificate.</source>
        <translation>Clients sprechen ohne TLS mit diesem Relay, und es hat ein Zertifikat.</translation>
    </message>
    <message>
        <source>Clients speak versions of TLS that are too old.</source>
        <translation>Clients sprechen Versionen von TLS, die zu alt sind.</translation>
    </message>
    <message>
        <source>TLS handshakes of clients fail.</source>
        <translation>TLS-Handshakes von Clients scheitern.</translation>
    </message>
    <message>
        <source>Calls are asked for at a path where there are none.</source>
        <translation>Anrufe werden unter einem Pfad verlangt, wo es keine gibt.</translation>
    </message>
    <message>
        <source>Connections end before their requests are whole.</source>
        <translation>Verbindungen enden, bevor ihre Anfragen vollständig sind.</translation>
    </message>
    <message>
        <source>%1 The last client: %2.</source>
        <translation>%1 Der letzte Client: %2.</translation>
    </message>
    <message>
        <source>The relay could not answer this in time. Try again.</source>
        <translation>Das Relay konnte das nicht rechtzeitig beantworten. Versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>The client speaks a version of TLS older than 1.2, which is not taken here. Update the client, or what it speaks TLS with.</source>
        <translation>Der Client spricht eine Version von TLS, die älter als 1.2 ist und hier nicht angenommen wird. Aktualisieren Sie den Client oder das, womit er TLS spricht.</translation>
    </message>
    <message>
        <source>The client does not accept the relay&apos;s certificate. Check that it is for the name that the client connects to, that TLS_CERT_FILE holds its whole chain, and that the client trusts its authority.</source>
        <translation>Der Client nimmt das Zertifikat des Relays nicht an. Prüfen Sie, ob es für den Namen gilt, mit dem sich der Client verbindet, ob TLS_CERT_FILE seine ganze Kette enthält und ob der Client seiner Zertifizierungsstelle vertraut.</translation>
    </message>
    <message>
        <source>The TLS handshake with the client failed. Check what it speaks: TLS 1.2 and 1.3 are taken here.</source>
        <translation>Der TLS-Handshake mit dem Client ist gescheitert. Prüfen Sie, was er spricht: Hier werden TLS 1.2 und 1.3 angenommen.</translation>
    </message>
    <message>
        <source>The client left when it had seen the relay&apos;s certificate, as Node.js does where it does not accept one. Check that it is for the name that the client connects to, that TLS_CERT_FILE holds its whole chain, and that the client trusts its authority.</source>
        <translation>Der Client ging, als er das Zertifikat des Relays gesehen hatte, wie es Node.js tut, wo es eines nicht annimmt. Prüfen Sie, ob es für den Namen gilt, mit dem sich der Client verbindet, ob TLS_CERT_FILE seine ganze Kette enthält und ob der Client seiner Zertifizierungsstelle vertraut.</translation>
    </message>
    <message>
        <source>The client left after the TLS handshake without asking for anything. If that is no health check, see whether it accepts the relay&apos;s certificate.</source>
        <translation>Der Client ging nach dem TLS-Handshake, ohne nach etwas zu fragen. Ist das keine Zustandsprüfung, sehen Sie nach, ob er das Zertifikat des Relays annimmt.</translation>
    </message>
    <message>
        <source>The client left before its request was whole, or before it had its answer. If that goes on, look at its log, and at what stands between.</source>
        <translation>Der Client ging, bevor seine Anfrage vollständig war oder bevor er seine Antwort hatte. Geht das so weiter, sehen Sie in sein Protokoll und auf das, was dazwischen steht.</translation>
    </message>
    <message>
        <source>The client did not send its whole request, or did not take the answer, within HANDSHAKE_TIMEOUT. Raise that if clients are just slow.</source>
        <translation>Der Client hat binnen HANDSHAKE_TIMEOUT nicht seine ganze Anfrage gesendet oder die Antwort nicht abgenommen. Erhöhen Sie es, wenn Clients nur langsam sind.</translation>
    </message>
    <message>
        <source>What stands in front of the relay speaks the PROXY protocol, and its address is not in TRUSTED_PROXIES. Add it there, or switch the PROXY protocol off in front.</source>
        <translation>Was vor dem Relay steht, spricht das PROXY-Protokoll, und seine Adresse steht nicht in TRUSTED_PROXIES. Nehmen Sie sie dort auf oder schalten Sie das PROXY-Protokoll davor aus.</translation>
    </message>
    <message>
        <source>This relay speaks TLS only: connect with wss:// or https://.</source>
        <translation>Dieses Relay spricht nur TLS: Verbinden Sie sich mit wss:// oder https://.</translation>
    </message>
    <message>
        <source>The client speaks TLS, and this relay has no certificate: connect with ws:// or http://, or set TLS_CERT_FILE and TLS_KEY_FILE.</source>
        <translation>Der Client spricht TLS, und dieses Relay hat kein Zertifikat: Verbinden Sie sich mit ws:// oder http:// oder setzen Sie TLS_CERT_FILE und TLS_KEY_FILE.</translation>
    </message>
    <message>
        <source>What stands in front of the relay speaks the PROXY protocol, but not as version 1 or 2 has it. Set it to one of these there.</source>
        <translation>Was vor dem Relay steht, spricht das PROXY-Protokoll, aber nicht so, wie es Version 1 oder 2 vorsieht. Stellen Sie es dort auf eine der beiden ein.</translation>
    </message>
    <message>
        <source>The last calls from your address have failed at once, so this one was not tried. See what they were told, and wait before trying again.</source>
        <translation>Die letzten Anrufe von Ihrer Adresse sind sofort gescheitert, deshalb wurde dieser nicht versucht. Sehen Sie nach, was ihnen gesagt wurde, und warten Sie, bevor Sie es wieder versuchen.</translation>
    </message>
    <message>
        <source>The client asked for the model %1; %2 answers in its place.</source>
        <translation>Der Client hat das Modell %1 verlangt; an seiner Stelle antwortet %2.</translation>
    </message>
    <message>
        <source>The client asked for a temperature, which the Realtime API no longer has.</source>
        <translation>Der Client hat eine Temperatur verlangt, die die Realtime-API nicht mehr kennt.</translation>
    </message>
    <message>
        <source>An event that the beta did not have was kept from the client.</source>
        <translation>Ein Ereignis, das die Beta nicht hatte, wurde dem Client vorenthalten.</translation>
    </message>
    <message>
        <source>the upstream has no beta any more; the relay translates for clients that speak it</source>
        <translation>der Zielserver hat keine Beta mehr; das Relay übersetzt für Clients, die sie sprechen</translation>
    </message>
    <message>
        <source>it is not two names of models with = between them</source>
        <translation>es sind nicht zwei Modellnamen mit = dazwischen</translation>
    </message>
    <message>
        <source>OLD=NEW, OLD= or none, comma separated, or empty</source>
        <translation>ALT=NEU, ALT= oder none, durch Kommas getrennt, oder leer</translation>
    </message>
    <message>
        <source>Which model answers a client of the beta that asks for one by the name OLD, besides the retired names that the relay knows; OLD= leaves that name alone, none leaves all the known ones alone.</source>
        <translation>Welches Modell einem Client der Beta antwortet, der eines unter dem Namen ALT verlangt, neben den abgeschafften Namen, die das Relay kennt; ALT= lässt diesen Namen, wie er ist, none alle bekannten.</translation>
    </message>
    <message>
        <source>MODEL_ALIASES and the known names also count for the query of calls that do not speak the beta.</source>
        <translation>MODEL_ALIASES und die bekannten Namen gelten auch für die Abfrage von Anrufen, die nicht die Beta sprechen.</translation>
    </message>
    <message>
        <source>How long reaching the upstream may take, its answer to the handshake or the request included.</source>
        <translation>Wie lange es dauern darf, den Zielserver zu erreichen, einschließlich seiner Antwort auf den Handshake oder die Anfrage.</translation>
    </message>
    <message>
        <source>How many new calls, and requests to the upstream beside them, one client address may make a minute. More are refused with 429.</source>
        <translation>Wie viele neue Anrufe, und Anfragen an den Zielserver daneben, eine Client-Adresse in einer Minute stellen darf. Mehr werden mit 429 abgelehnt.</translation>
    </message>
    <message>
        <source>How many connections may wait for a request, or for its answer to be taken. Beyond that, or beyond what the limit of open files leaves for them, the one that has waited longest is cut.</source>
        <translation>Wie viele Verbindungen auf eine Anfrage warten dürfen, oder darauf, dass deren Antwort abgenommen wird. Darüber, oder über dem, was die Grenze offener Dateien für sie übrig lässt, wird die getrennt, die am längsten wartet.</translation>
    </message>
    <message>
        <source>switches to another protocol, which nobody asked for</source>
        <translation>wechselt zu einem anderen Protokoll, was niemand verlangt hat</translation>
    </message>
    <message>
        <source>%1 was asked, but did not answer in time; try again, and have the relay&apos;s operator raise CONNECT_TIMEOUT when it happens again.</source>
        <translation>%1 wurde gefragt, hat aber nicht rechtzeitig geantwortet; versuchen Sie es noch einmal, und lassen Sie den Betreiber des Relays CONNECT_TIMEOUT erhöhen, wenn es wieder geschieht.</translation>
    </message>
    <message>
        <source>What %1 sent is no answer that can be passed on: it %2. Have the relay&apos;s operator check UPSTREAM_URL, and what stands on the way there.</source>
        <translation>Was %1 geschickt hat, ist keine Antwort, die weitergegeben werden kann: Es %2. Lassen Sie den Betreiber des Relays UPSTREAM_URL prüfen, und was auf dem Weg dorthin steht.</translation>
    </message>
    <message>
        <source>The connection to %1 ended before its answer was whole; try again.</source>
        <translation>Die Verbindung zu %1 endete, bevor dessen Antwort vollständig war; versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>The answer of %1 is larger than 64 KiB, more than any of its answers to such a request; have the relay&apos;s operator check UPSTREAM_URL.</source>
        <translation>Die Antwort von %1 ist größer als 64 KiB und damit größer als jede seiner Antworten auf eine solche Anfrage; lassen Sie den Betreiber des Relays UPSTREAM_URL prüfen.</translation>
    </message>
    <message>
        <source>%1 answered with something else than what this request is answered with; have the relay&apos;s operator check UPSTREAM_URL.</source>
        <translation>%1 hat mit etwas anderem geantwortet, als auf diese Anfrage geantwortet wird; lassen Sie den Betreiber des Relays UPSTREAM_URL prüfen.</translation>
    </message>
    <message>
        <source>A request was passed to the upstream, and its answer to the client.</source>
        <translation>Eine Anfrage wurde an den Zielserver weitergegeben, und dessen Antwort an den Client.</translation>
    </message>
    <message>
        <source>The client left before it had an answer, so the request was called off.</source>
        <translation>Der Client ging, bevor er eine Antwort hatte, deshalb wurde die Anfrage abgebrochen.</translation>
    </message>
    <message>
        <source>The client left before it had all of the answer.</source>
        <translation>Der Client ging, bevor er die ganze Antwort hatte.</translation>
    </message>
    <message>
        <source>The client took nothing of the answer for STALL_TIMEOUT, so it was cut. Check its network.</source>
        <translation>Der Client hat während STALL_TIMEOUT nichts von der Antwort abgenommen und wurde deshalb getrennt. Prüfen Sie sein Netz.</translation>
    </message>
    <message>
        <source>The upstream broke off in the midst of its answer, so the client was cut. Try again.</source>
        <translation>Der Zielserver brach mitten in seiner Antwort ab, deshalb wurde der Client getrennt. Versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>The upstream sent nothing of the rest of its answer for STALL_TIMEOUT, so the client was cut. Try again.</source>
        <translation>Der Zielserver hat während STALL_TIMEOUT nichts vom Rest seiner Antwort geschickt, deshalb wurde der Client getrennt. Versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>This relay carries no WebRTC and no SIP: their media goes to OpenAI directly, past the relay, and GPT-Live bills 15 seconds for each such session that is made. Open a WebSocket at wss://RELAY/v1/live/sessions instead.</source>
        <translation>Dieses Relay überträgt weder WebRTC noch SIP: Deren Medien gehen direkt zu OpenAI, am Relay vorbei, und GPT-Live berechnet 15 Sekunden für jede solche Session, die angelegt wird. Öffnen Sie stattdessen einen WebSocket unter wss://RELAY/v1/live/sessions.</translation>
    </message>
    <message>
        <source>This relay carries no WebRTC and no SIP: their media goes to OpenAI directly, past the relay. Open a WebSocket at wss://RELAY%1?model=MODEL instead.</source>
        <translation>Dieses Relay überträgt weder WebRTC noch SIP: Deren Medien gehen direkt zu OpenAI, am Relay vorbei. Öffnen Sie stattdessen einen WebSocket unter wss://RELAY%1?model=MODEL.</translation>
    </message>
    <message>
        <source>The relay passes as many requests to the upstream as it can just now. Try again in a moment.</source>
        <translation>Das Relay gibt gerade so viele Anfragen an den Zielserver weiter, wie es kann. Versuchen Sie es gleich noch einmal.</translation>
    </message>
    <message>
        <source>The upstream answered a request with an error, which the client was told.</source>
        <translation>Der Zielserver hat eine Anfrage mit einem Fehler beantwortet, der dem Client gesagt wurde.</translation>
    </message>
    <message>
        <source>The relay stopped before the answer came.</source>
        <translation>Das Relay hielt an, bevor die Antwort kam.</translation>
    </message>
    <message>
        <source>The upstream refused the key at %1 (HTTP 401). Check the client&apos;s API key, or make a new one.</source>
        <translation>Der Zielserver hat den Schlüssel bei %1 abgelehnt (HTTP 401). Prüfen Sie den API-Schlüssel des Clients, oder erzeugen Sie einen neuen.</translation>
    </message>
    <message>
        <source>The upstream says at %1 that the quota is used up (HTTP %2). Check the limits and the billing of the account.</source>
        <translation>Der Zielserver sagt bei %1, dass das Kontingent aufgebraucht ist (HTTP %2). Prüfen Sie die Grenzen und die Abrechnung des Kontos.</translation>
    </message>
    <message>
        <source>A WebSocket was asked for at %1 of ADMIN_PORT, where there are no calls; they go to PORT.</source>
        <translation>Ein WebSocket wurde unter %1 von ADMIN_PORT verlangt, wo es keine Anrufe gibt; sie gehen an PORT.</translation>
    </message>
    <message>
        <source>A WebSocket was asked for at %1, the path of Azure&apos;s preview of the Realtime API, which is not carried; clients for the API of today go to /openai/v1/realtime.</source>
        <translation>Ein WebSocket wurde unter %1 verlangt, dem Pfad der Vorschau der Realtime-API bei Azure, die nicht übertragen wird; Clients für die heutige API gehen an /openai/v1/realtime.</translation>
    </message>
    <message>
        <source>The relay has no room just now for all of a message that it must keep until it is whole; open a new call in a moment, send smaller messages, or have the relay&apos;s operator raise BUFFER_BUDGET_BYTES.</source>
        <translation>Das Relay hat gerade keinen Platz für eine Nachricht, die es behalten muss, bis sie vollständig ist; öffnen Sie gleich einen neuen Anruf, schicken Sie kleinere Nachrichten, oder lassen Sie den Betreiber des Relays BUFFER_BUDGET_BYTES erhöhen.</translation>
    </message>
    <message>
        <source>The relay has no room just now for all of a message from the upstream that it must keep until it is whole; open a new call in a moment, or have the relay&apos;s operator raise BUFFER_BUDGET_BYTES.</source>
        <translation>Das Relay hat gerade keinen Platz für eine Nachricht des Zielservers, die es behalten muss, bis sie vollständig ist; öffnen Sie gleich einen neuen Anruf, oder lassen Sie den Betreiber des Relays BUFFER_BUDGET_BYTES erhöhen.</translation>
    </message>
    <message>
        <source>The client stopped in the middle of a message that the relay must keep until it is whole; check the client&apos;s network, and that it sends every message to its end.</source>
        <translation>Der Client hielt mitten in einer Nachricht inne, die das Relay behalten muss, bis sie vollständig ist; prüfen Sie das Netz des Clients, und ob er jede Nachricht zu Ende schickt.</translation>
    </message>
    <message>
        <source>The upstream stopped in the middle of a message that the relay must keep until it is whole; open a new call in a moment.</source>
        <translation>Der Zielserver hielt mitten in einer Nachricht inne, die das Relay behalten muss, bis sie vollständig ist; öffnen Sie gleich einen neuen Anruf.</translation>
    </message>
    <message>
        <source>The relay is about to be shared.</source>
        <translation>Das Relay wird gerade freigegeben.</translation>
    </message>
    <message>
        <source>Calls from outside reach the relay.</source>
        <translation>Anrufe von außen erreichen das Relay.</translation>
    </message>
    <message>
        <source>Calls from outside do not reach the relay; it is tried again. %1</source>
        <translation>Anrufe von außen erreichen das Relay nicht; es wird wieder versucht. %1</translation>
    </message>
    <message>
        <source>Calls from outside do not reach the relay until somebody acts. %1</source>
        <translation>Anrufe von außen erreichen das Relay nicht, bis jemand etwas tut. %1</translation>
    </message>
    <message>
        <source>A connection from outside that was quiet was cut; the way is tested again.</source>
        <translation>Eine Verbindung von außen, auf der nichts kam, wurde getrennt; der Weg wird noch einmal geprüft.</translation>
    </message>
    <message>
        <source>The first visitor from outside has come through the shared link.</source>
        <translation>Der erste Besucher von außen ist über den freigegebenen Link gekommen.</translation>
    </message>
    <message>
        <source>The shared link is another: the one before opens nothing any more.</source>
        <translation>Der freigegebene Link ist jetzt ein anderer: Der bisherige öffnet nichts mehr.</translation>
    </message>
    <message>
        <source>The relay is not shared any more.</source>
        <translation>Das Relay ist nicht mehr freigegeben.</translation>
    </message>
    <message>
        <source>The relay was stopped, and what was shared of it with it.</source>
        <translation>Das Relay wurde angehalten, und mit ihm, was von ihm freigegeben war.</translation>
    </message>
    <message>
        <source>The relay is shared already: stop that first.</source>
        <translation>Das Relay ist schon freigegeben: Beenden Sie zuerst diese Freigabe.</translation>
    </message>
    <message>
        <source>Only a relay that runs can be shared: start it first.</source>
        <translation>Nur ein laufendes Relay kann freigegeben werden: Starten Sie es zuerst.</translation>
    </message>
    <message>
        <source>The time for which the relay was shared is over.</source>
        <translation>Die Zeit, für die das Relay freigegeben war, ist um.</translation>
    </message>
    <message>
        <source>A connection that said nothing was cut after %1 s: so are calls while nobody speaks.</source>
        <translation>Eine Verbindung, auf der nichts kam, wurde nach %1 s getrennt: So geht es auch Anrufen, während niemand spricht.</translation>
    </message>
    <message>
        <source>Give what stands in front of the relay a longer time-out (nginx: proxy_read_timeout), or the relay a shorter HEARTBEAT_INTERVAL than %1 s.</source>
        <translation>Geben Sie dem, was vor dem Relay steht, eine längere Frist (nginx: proxy_read_timeout), oder dem Relay ein kürzeres HEARTBEAT_INTERVAL als %1 s.</translation>
    </message>
    <message>
        <source>Pages of %1 may not call through this link. Ask who sent it to add that origin to the share.</source>
        <translation>Seiten von %1 dürfen über diesen Link nicht anrufen. Bitten Sie den, der ihn geschickt hat, diesen Ursprung in die Freigabe aufzunehmen.</translation>
    </message>
    <message>
        <source>This relay is not shared under the name in the header Host.</source>
        <translation>Dieses Relay ist nicht unter dem Namen in der Kopfzeile Host freigegeben.</translation>
    </message>
    <message>
        <source>There is nothing at this address. If you were sent a link to it, it was copied in part, is an old one, or is no longer shared: ask for a new one.</source>
        <translation>Unter dieser Adresse ist nichts. Wenn Ihnen ein Link hierher geschickt wurde, ist er nur zum Teil kopiert, veraltet oder nicht mehr freigegeben: Bitten Sie um einen neuen.</translation>
    </message>
    <message>
        <source>Links that lead nowhere are tried too often from your address. Ask for a new one before you try again.</source>
        <translation>Von Ihrer Adresse werden zu oft Links versucht, die nirgendwohin führen. Bitten Sie um einen neuen, bevor Sie es wieder versuchen.</translation>
    </message>
    <message>
        <source>More than %1 calls a minute come through this link from your address, its limit. Wait before trying again.</source>
        <translation>Über diesen Link kommen von Ihrer Adresse mehr als %1 Anrufe je Minute, seine Grenze. Warten Sie, bevor Sie es noch einmal versuchen.</translation>
    </message>
    <message>
        <source>Your address has %1 calls open through this link, its limit. Close one first.</source>
        <translation>Ihre Adresse hat über diesen Link %1 Anrufe offen, seine Grenze. Beenden Sie zuerst einen.</translation>
    </message>
    <message>
        <source>All %1 calls that this link is good for are taken. Try again later.</source>
        <translation>Alle %1 Anrufe, für die dieser Link gut ist, sind vergeben. Versuchen Sie es später noch einmal.</translation>
    </message>
    <message>
        <source>Serves a page at /try that checks the way to the relay and makes a call with the microphone. It holds nothing of yours; a call takes a key, as any other does. The program with the window has it on by default.</source>
        <translation>Stellt unter /try eine Seite bereit, die den Weg zum Relay prüft und mit dem Mikrofon einen Anruf macht. Sie enthält nichts von Ihnen; ein Anruf braucht einen Schlüssel wie jeder andere. Im Programm mit dem Fenster ist sie standardmäßig an.</translation>
    </message>
    <message>
        <source>A web page came with the link and was turned away: its origin is not allowed there.</source>
        <translation>Eine Webseite kam mit dem Link und wurde abgewiesen: Ihr Ursprung ist dort nicht erlaubt.</translation>
    </message>
    <message>
        <source>The relay was no longer shared before the answer had come.</source>
        <translation>Das Relay war nicht mehr freigegeben, bevor die Antwort kam.</translation>
    </message>
    <message>
        <source>A link was used that does not lead here any more, or was copied in part. Send the present one to those who are to have it.</source>
        <translation>Ein Link wurde benutzt, der nicht mehr hierher führt oder nur zum Teil kopiert wurde. Schicken Sie den jetzigen denen, die ihn haben sollen.</translation>
    </message>
    <message>
        <source>A WebSocket was asked for with the link, but at a path where there are no calls. They go to /v1/realtime behind the link&apos;s secret.</source>
        <translation>Mit dem Link wurde ein WebSocket verlangt, aber unter einem Pfad, wo es keine Anrufe gibt. Sie gehen an /v1/realtime hinter dem Geheimnis des Links.</translation>
    </message>
    <message>
        <source>A WebSocket was asked for where the relay is shared, without the link&apos;s secret. See whether the program keeps the path of the address that it is given; browsers may put the secret into a subprotocol.</source>
        <translation>Wo das Relay freigegeben ist, wurde ein WebSocket ohne das Geheimnis des Links verlangt. Sehen Sie nach, ob das Programm den Pfad der Adresse behält, die es bekommt; Browser können das Geheimnis in ein Unterprotokoll setzen.</translation>
    </message>
    <message>
        <source>Connections come in where the relay is shared, and ask nothing; the oldest of them are cut. If that goes on, make a new link or stop sharing.</source>
        <translation>Wo das Relay freigegeben ist, kommen Verbindungen an und fragen nichts; die ältesten davon werden getrennt. Geht das so weiter, erzeugen Sie einen neuen Link oder beenden Sie die Freigabe.</translation>
    </message>
    <message>
        <source>The certificate was issued by %1, which this system does not know, and the file holds nothing that leads further. If it is an intermediate authority, put its certificate behind the relay&apos;s own into the same file (&quot;fullchain.pem&quot;); if it is your own authority, every client has to trust it.</source>
        <translation>Das Zertifikat wurde von %1 ausgestellt, einer Stelle, die dieses System nicht kennt, und die Datei enthält nichts, das weiterführt. Ist es eine Zwischenstelle, setzen Sie deren Zertifikat in derselben Datei hinter das des Relays („fullchain.pem“); ist es Ihre eigene Zertifizierungsstelle, muss ihr jeder Client vertrauen.</translation>
    </message>
    <message>
        <source>The certificate leads to %1, which this system does not know. Every client has to trust that authority; browsers of others will not. Take a certificate of a public authority.</source>
        <translation>Das Zertifikat führt zu %1, einer Stelle, die dieses System nicht kennt. Jeder Client muss dieser Zertifizierungsstelle vertrauen; die Browser anderer tun es nicht. Nehmen Sie ein Zertifikat einer öffentlichen Zertifizierungsstelle.</translation>
    </message>
    <message>
        <source>There is no certificate.</source>
        <translation>Es gibt kein Zertifikat.</translation>
    </message>
    <message>
        <source>The certificate is not valid before %1. Does this machine&apos;s clock go right? It says %2.</source>
        <translation>Das Zertifikat ist vor dem %1 nicht gültig. Geht die Uhr dieses Rechners richtig? Sie sagt %2.</translation>
    </message>
    <message>
        <source>The certificate expired on %1. Renew it.</source>
        <translation>Das Zertifikat ist am %1 abgelaufen. Erneuern Sie es.</translation>
    </message>
    <message>
        <source>The certificate names no host (no subject alternative name), so no client takes it for %1. Take one that was issued for that name.</source>
        <translation>Das Zertifikat nennt keinen Rechnernamen (kein Subject Alternative Name), daher nimmt es kein Client für %1 an. Nehmen Sie eines, das für diesen Namen ausgestellt ist.</translation>
    </message>
    <message>
        <source>The certificate is for %1, and not for %2, so no client takes it there. Give others an address that it names, or take a certificate for %2.</source>
        <translation>Das Zertifikat gilt für %1 und nicht für %2, daher nimmt es dort kein Client an. Geben Sie anderen eine Adresse, die es nennt, oder nehmen Sie ein Zertifikat für %2.</translation>
    </message>
    <message>
        <source>The certificate is signed by itself, so browsers and SDKs refuse it until each of them is told to trust it. Take one of a public authority, or share by a tunnel.</source>
        <translation>Das Zertifikat ist von sich selbst unterschrieben, daher lehnen Browser und SDKs es ab, bis jedem davon gesagt ist, ihm zu vertrauen. Nehmen Sie eines von einer öffentlichen Zertifizierungsstelle oder geben Sie über einen Tunnel frei.</translation>
    </message>
    <message>
        <source>The certificates are not in order: %1 was issued by %2, and %3 follows. Put each issuer&apos;s certificate behind the one that it has issued.</source>
        <translation>Die Zertifikate sind nicht in der richtigen Reihenfolge: %1 wurde von %2 ausgestellt, und %3 folgt. Setzen Sie das Zertifikat jedes Ausstellers hinter das, das er ausgestellt hat.</translation>
    </message>
    <message>
        <source>The certificate of the authority %1 in the chain expired on %2. Take the chain that your authority gives now.</source>
        <translation>Das Zertifikat der Zertifizierungsstelle %1 in der Kette ist am %2 abgelaufen. Nehmen Sie die Kette, die Ihre Zertifizierungsstelle jetzt ausgibt.</translation>
    </message>
    <message>
        <source>The file %1 cannot be written: %2. Name another one.</source>
        <translation>Die Datei %1 kann nicht geschrieben werden: %2. Nennen Sie eine andere.</translation>
    </message>
    <message>
        <source>The WebSocket that watches the way through %1 was cut at once.</source>
        <translation>Der WebSocket, der den Weg über %1 überwacht, wurde sofort getrennt.</translation>
    </message>
    <message>
        <source>This network wants a login before it lets anything through (HTTP 511).</source>
        <translation>Dieses Netz verlangt eine Anmeldung, bevor es etwas durchlässt (HTTP 511).</translation>
    </message>
    <message>
        <source>Open any page in a browser, log in to the network, and test again.</source>
        <translation>Öffnen Sie irgendeine Seite in einem Browser, melden Sie sich beim Netz an und prüfen Sie erneut.</translation>
    </message>
    <message>
        <source>%1 does not answer, but sends to %2 (HTTP %3).</source>
        <translation>%1 antwortet nicht, sondern verweist auf %2 (HTTP %3).</translation>
    </message>
    <message>
        <source>If that is the login page of this network, log in with a browser and test again. Else the service in between wants a login, or another address: see its settings. Clients of the relay follow nobody.</source>
        <translation>Ist das die Anmeldeseite dieses Netzes, melden Sie sich mit einem Browser an und prüfen Sie erneut. Sonst verlangt der Dienst dazwischen eine Anmeldung oder eine andere Adresse: Sehen Sie in seine Einstellungen. Clients des Relays folgen keinem Verweis.</translation>
    </message>
    <message>
        <source>%1 answers, but the way from there to this machine does not stand (HTTP %2).</source>
        <translation>%1 antwortet, aber der Weg von dort zu diesem Rechner steht nicht (HTTP %2).</translation>
    </message>
    <message>
        <source>See whether the program that makes the way is running, and what it says. With a server of your own: whether its web server goes to the place where the tunnel ends.</source>
        <translation>Sehen Sie nach, ob das Programm läuft, das den Weg herstellt, und was es sagt. Bei einem eigenen Server: ob sein Webserver dorthin führt, wo der Tunnel endet.</translation>
    </message>
    <message>
        <source>%1 wants a login (HTTP %2).</source>
        <translation>%1 verlangt eine Anmeldung (HTTP %2).</translation>
    </message>
    <message>
        <source>Clients of the relay have none. Switch it off at the service in between: the secret in the link protects the share.</source>
        <translation>Clients des Relays haben keine. Schalten Sie sie beim Dienst dazwischen aus: Das Geheimnis im Link schützt die Freigabe.</translation>
    </message>
    <message>
        <source>What was asked of %1 arrived under another name (HTTP 421).</source>
        <translation>Eine Anfrage an %1 kam unter einem anderen Namen an (HTTP 421).</translation>
    </message>
    <message>
        <source>Have the service in between pass on the header Host as it is (nginx: proxy_set_header Host $host), then share anew.</source>
        <translation>Lassen Sie den Dienst dazwischen die Kopfzeile Host weitergeben, wie sie ist (nginx: proxy_set_header Host $host), und geben Sie dann neu frei.</translation>
    </message>
    <message>
        <source>Not the relay, but a page of the service in between answers at %1.</source>
        <translation>Nicht das Relay, sondern eine Seite des Dienstes dazwischen antwortet unter %1.</translation>
    </message>
    <message>
        <source>Open the address in a browser to see what it says; the service may want an account, or another address.</source>
        <translation>Öffnen Sie die Adresse in einem Browser, um zu sehen, was sie sagt; vielleicht verlangt der Dienst ein Konto oder eine andere Adresse.</translation>
    </message>
    <message>
        <source>Nothing listens at %1.</source>
        <translation>An %1 lauscht nichts.</translation>
    </message>
    <message>
        <source>See whether the web server there is running, on this port, and whether a firewall refuses it.</source>
        <translation>Sehen Sie nach, ob der Webserver dort läuft, auf diesem Port, und ob ihn eine Firewall abweist.</translation>
    </message>
    <message>
        <source>%1 did not answer in time.</source>
        <translation>%1 hat nicht rechtzeitig geantwortet.</translation>
    </message>
    <message>
        <source>Test again. If it stays so, a firewall on the way drops what is sent, or the service has lost the way to this machine.</source>
        <translation>Prüfen Sie erneut. Bleibt es so, verwirft eine Firewall auf dem Weg, was gesendet wird, oder der Dienst hat den Weg zu diesem Rechner verloren.</translation>
    </message>
    <message>
        <source>The proxy does not let through to %1.</source>
        <translation>Der Proxy lässt nicht zu %1 durch.</translation>
    </message>
    <message>
        <source>See the proxy&apos;s settings, and who keeps it.</source>
        <translation>Sehen Sie in die Einstellungen des Proxys und fragen Sie, wer ihn betreut.</translation>
    </message>
    <message>
        <source>No secure connection to %1 came about.</source>
        <translation>Zu %1 kam keine sichere Verbindung zustande.</translation>
    </message>
    <message>
        <source>See whether TLS is spoken there, on this port. Else a scanner or firewall in between breaks it.</source>
        <translation>Sehen Sie nach, ob dort auf diesem Port TLS gesprochen wird. Sonst stört ein Scanner oder eine Firewall dazwischen.</translation>
    </message>
    <message>
        <source>The connection to %1 was lost, or never came about.</source>
        <translation>Die Verbindung zu %1 ist abgerissen oder kam nie zustande.</translation>
    </message>
    <message>
        <source>Test again. If it stays so, something on the way cuts it: a firewall, or the service in between.</source>
        <translation>Prüfen Sie erneut. Bleibt es so, trennt sie etwas auf dem Weg: eine Firewall oder der Dienst dazwischen.</translation>
    </message>
    <message>
        <source>The question has reached this relay, but another answer came back from %1 (HTTP %2).</source>
        <translation>Die Frage hat dieses Relay erreicht, aber von %1 kam eine andere Antwort zurück (HTTP %2).</translation>
    </message>
    <message>
        <source>Something in between changes answers; see the settings of the service.</source>
        <translation>Etwas dazwischen ändert Antworten; sehen Sie in die Einstellungen des Dienstes.</translation>
    </message>
    <message>
        <source>Another relay than this one, or an old answer, is at %1.</source>
        <translation>Unter %1 ist ein anderes Relay als dieses oder eine alte Antwort.</translation>
    </message>
    <message>
        <source>See whether another machine, or an earlier start of this program, holds the address. If a cache is in between, let it keep nothing.</source>
        <translation>Sehen Sie nach, ob ein anderer Rechner oder ein früherer Start dieses Programms die Adresse hat. Ist ein Cache dazwischen, lassen Sie ihn nichts aufbewahren.</translation>
    </message>
    <message>
        <source>%1 answers, but does not pass the question on to this relay (HTTP 404).</source>
        <translation>%1 antwortet, gibt die Frage aber nicht an dieses Relay weiter (HTTP 404).</translation>
    </message>
    <message>
        <source>Have the service in between pass on all paths to the share. Or the address leads to another relay, or to a share that has ended.</source>
        <translation>Lassen Sie den Dienst dazwischen alle Pfade an die Freigabe weitergeben. Oder die Adresse führt zu einem anderen Relay oder zu einer Freigabe, die zu Ende ist.</translation>
    </message>
    <message>
        <source>%1 answers with HTTP %2, and not as this relay does.</source>
        <translation>%1 antwortet mit HTTP %2 und nicht so, wie es dieses Relay tut.</translation>
    </message>
    <message>
        <source>Ask the service in between what that means; the relay was not reached.</source>
        <translation>Fragen Sie beim Dienst dazwischen nach, was das heißt; das Relay wurde nicht erreicht.</translation>
    </message>
    <message>
        <source>%1 shows a page of its own to browsers before it lets them through.</source>
        <translation>%1 zeigt Browsern eine eigene Seite, bevor er sie durchlässt.</translation>
    </message>
    <message>
        <source>People have to click it away once before the page for trying works. Whether web pages&apos; calls pass all the same is the next check.</source>
        <translation>Man muss sie einmal wegklicken, bevor die Seite zum Ausprobieren geht. Ob Anrufe von Webseiten trotzdem durchkommen, zeigt die nächste Prüfung.</translation>
    </message>
    <message>
        <source>The subprotocol of a WebSocket gets lost on the way through %1.</source>
        <translation>Das Unterprotokoll eines WebSockets geht auf dem Weg über %1 verloren.</translation>
    </message>
    <message>
        <source>Web pages hand over their key by it, and their calls would fail. Have the service in between pass on the header Sec-WebSocket-Protocol both ways.</source>
        <translation>Webseiten übergeben damit ihren Schlüssel, und ihre Anrufe würden scheitern. Lassen Sie den Dienst dazwischen die Kopfzeile Sec-WebSocket-Protocol in beide Richtungen weitergeben.</translation>
    </message>
    <message>
        <source>%1 answers browsers&apos; WebSockets with a page of its own (HTTP %2).</source>
        <translation>%1 beantwortet WebSockets von Browsern mit einer eigenen Seite (HTTP %2).</translation>
    </message>
    <message>
        <source>No web page can call through this service; programs can. Take another way, or a plan of the service without that page.</source>
        <translation>Keine Webseite kann über diesen Dienst anrufen; Programme können es. Nehmen Sie einen anderen Weg oder einen Tarif des Dienstes ohne diese Seite.</translation>
    </message>
    <message>
        <source>%1 passes requests, but no WebSocket (HTTP %2).</source>
        <translation>%1 lässt Anfragen durch, aber keinen WebSocket (HTTP %2).</translation>
    </message>
    <message>
        <source>Switch WebSockets on at the service in between. nginx: proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection &quot;upgrade&quot;;</source>
        <translation>Schalten Sie WebSockets beim Dienst dazwischen ein. nginx: proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection &quot;upgrade&quot;;</translation>
    </message>
    <message>
        <source>%1 opens no proper WebSocket: its answer %2.</source>
        <translation>%1 öffnet keinen richtigen WebSocket: seine Antwort %2.</translation>
    </message>
    <message>
        <source>The service in between breaks WebSockets. Take another one.</source>
        <translation>Der Dienst dazwischen stört WebSockets. Nehmen Sie einen anderen.</translation>
    </message>
    <message>
        <source>Limits for each address count all callers as one; the limit of all calls holds. With a web server of your own: have it set X-Forwarded-For (nginx: proxy_set_header X-Forwarded-For $remote_addr).</source>
        <translation>Grenzen je Adresse zählen alle Anrufer als einen; die Grenze für alle Anrufe gilt. Bei einem eigenen Webserver: Lassen Sie ihn X-Forwarded-For setzen (nginx: proxy_set_header X-Forwarded-For $remote_addr).</translation>
    </message>
    <message>
        <source>The service in between does not say from where a call comes.</source>
        <translation>Der Dienst dazwischen sagt nicht, woher ein Anruf kommt.</translation>
    </message>
    <message>
        <source>The service in between passes on whatever address a caller makes up, so none is believed.</source>
        <translation>Der Dienst dazwischen gibt jede Adresse weiter, die ein Anrufer erfindet, daher wird keiner geglaubt.</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Port</source>
        <translation>Port</translation>
    </message>
    <message>
        <source>Addresses</source>
        <translation>Adressen</translation>
    </message>
    <message>
        <source>Firewall</source>
        <translation>Firewall</translation>
    </message>
    <message>
        <source>Name of the upstream</source>
        <translation>Name des Zielservers</translation>
    </message>
    <message>
        <source>Proxy</source>
        <translation>Proxy</translation>
    </message>
    <message>
        <source>Connection to the upstream</source>
        <translation>Verbindung zum Zielserver</translation>
    </message>
    <message>
        <source>Certificate of the upstream</source>
        <translation>Zertifikat des Zielservers</translation>
    </message>
    <message>
        <source>Clock</source>
        <translation>Uhr</translation>
    </message>
    <message>
        <source>Region</source>
        <translation>Region</translation>
    </message>
    <message>
        <source>Key and model</source>
        <translation>Schlüssel und Modell</translation>
    </message>
    <message>
        <source>A whole call</source>
        <translation>Ein ganzer Anruf</translation>
    </message>
    <message>
        <source>Certificate of the relay</source>
        <translation>Zertifikat des Relays</translation>
    </message>
    <message>
        <source>Address for others</source>
        <translation>Adresse für andere</translation>
    </message>
    <message>
        <source>%1 was reached, but does not serve the region that this machine is in.</source>
        <translation>%1 wurde erreicht, bedient aber die Region nicht, in der dieser Rechner ist.</translation>
    </message>
    <message>
        <source>Run the relay on a machine in a supported region. If this one is in such a region, look where a VPN or a proxy on the way comes out.</source>
        <translation>Lassen Sie das Relay auf einem Rechner in einer unterstützten Region laufen. Ist dieser in einer solchen Region, sehen Sie nach, wo ein VPN oder ein Proxy auf dem Weg herauskommt.</translation>
    </message>
    <message>
        <source>%1 answers, but not as a Realtime API does (HTTP %2).</source>
        <translation>%1 antwortet, aber nicht wie eine Realtime-API (HTTP %2).</translation>
    </message>
    <message>
        <source>Correct the upstream&apos;s address (UPSTREAM_URL), path included. If it is right, a sign-in page or a proxy on the way answers in the upstream&apos;s place: open the address in a browser on this machine.</source>
        <translation>Berichtigen Sie die Adresse des Zielservers (UPSTREAM_URL), auch ihren Pfad. Stimmt sie, antwortet eine Anmeldeseite oder ein Proxy auf dem Weg anstelle des Zielservers: Öffnen Sie die Adresse auf diesem Rechner in einem Browser.</translation>
    </message>
    <message>
        <source>Check the internet connection of this machine, its VPN, and any firewall on the way.</source>
        <translation>Prüfen Sie die Internetverbindung dieses Rechners, sein VPN und eine Firewall auf dem Weg.</translation>
    </message>
    <message>
        <source>%1 has no address.</source>
        <translation>%1 hat keine Adresse.</translation>
    </message>
    <message>
        <source>Check the name, the DNS servers of this machine, and its internet connection.</source>
        <translation>Prüfen Sie den Namen, die DNS-Server dieses Rechners und seine Internetverbindung.</translation>
    </message>
    <message>
        <source>%1 refuses connections: nothing listens there, or a firewall says no.</source>
        <translation>%1 lehnt Verbindungen ab: Dort lauscht nichts, oder eine Firewall sagt nein.</translation>
    </message>
    <message>
        <source>Check the address and its port (UPSTREAM_URL), and any firewall on the way.</source>
        <translation>Prüfen Sie die Adresse und ihren Port (UPSTREAM_URL) und eine Firewall auf dem Weg.</translation>
    </message>
    <message>
        <source>%1 does not answer.</source>
        <translation>%1 antwortet nicht.</translation>
    </message>
    <message>
        <source>No secure connection to %1 comes about.</source>
        <translation>Zu %1 kommt keine sichere Verbindung zustande.</translation>
    </message>
    <message>
        <source>Check whether a proxy or a virus scanner on the way replaces certificates; then give its authority as UPSTREAM_CA_FILE.</source>
        <translation>Prüfen Sie, ob ein Proxy oder ein Virenscanner auf dem Weg Zertifikate ersetzt; geben Sie dann dessen Zertifizierungsstelle als UPSTREAM_CA_FILE an.</translation>
    </message>
    <message>
        <source>The proxy does not lead to %1.</source>
        <translation>Der Proxy führt nicht zu %1.</translation>
    </message>
    <message>
        <source>Check the proxy&apos;s address, user and password (UPSTREAM_PROXY, or HTTPS_PROXY of the environment), and whether it lets this host through.</source>
        <translation>Prüfen Sie Adresse, Benutzer und Passwort des Proxys (UPSTREAM_PROXY oder HTTPS_PROXY der Umgebung) und ob er diesen Rechnernamen durchlässt.</translation>
    </message>
    <message>
        <source>This program may open no more files.</source>
        <translation>Dieses Programm darf keine weiteren Dateien öffnen.</translation>
    </message>
    <message>
        <source>Raise the limit of open files (ulimit -n, LimitNOFILE).</source>
        <translation>Erhöhen Sie die Grenze der offenen Dateien (ulimit -n, LimitNOFILE).</translation>
    </message>
    <message>
        <source>%1 answers, but not as it should.</source>
        <translation>%1 antwortet, aber nicht so, wie es sein soll.</translation>
    </message>
    <message>
        <source>Check the upstream&apos;s address (UPSTREAM_URL), ws:// or wss:// included, and whether a proxy on the way passes WebSockets.</source>
        <translation>Prüfen Sie die Adresse des Zielservers (UPSTREAM_URL), auch ws:// oder wss://, und ob ein Proxy auf dem Weg WebSockets durchlässt.</translation>
    </message>
    <message>
        <source>There is no way to %1.</source>
        <translation>Es gibt keinen Weg zu %1.</translation>
    </message>
    <message>
        <source>%1 serves this region; it asks for a key, as it should.</source>
        <translation>%1 bedient diese Region; er verlangt einen Schlüssel, wie es sein soll.</translation>
    </message>
    <message>
        <source>%1 serves this region (HTTP %2).</source>
        <translation>%1 bedient diese Region (HTTP %2).</translation>
    </message>
    <message>
        <source>%1 was reached, but refuses this machine (HTTP 403).</source>
        <translation>%1 wurde erreicht, weist aber diesen Rechner ab (HTTP 403).</translation>
    </message>
    <message>
        <source>Perhaps this region or network is not supported, or a firewall or proxy on the way answers. Try from another network.</source>
        <translation>Vielleicht wird diese Region oder dieses Netz nicht unterstützt, oder eine Firewall oder ein Proxy auf dem Weg antwortet. Versuchen Sie es aus einem anderen Netz.</translation>
    </message>
    <message>
        <source>%1 has a problem of its own (HTTP %2).</source>
        <translation>%1 hat selbst ein Problem (HTTP %2).</translation>
    </message>
    <message>
        <source>Try again in a moment, and look at its status page.</source>
        <translation>Versuchen Sie es gleich noch einmal und sehen Sie auf seine Statusseite.</translation>
    </message>
    <message>
        <source>Ask for a model that this key may use; its project may not have this one.</source>
        <translation>Verlangen Sie ein Modell, das dieser Schlüssel benutzen darf; sein Projekt hat dieses vielleicht nicht.</translation>
    </message>
    <message>
        <source>Look at the account&apos;s limits and billing, then try again.</source>
        <translation>Sehen Sie auf die Grenzen und die Abrechnung des Kontos und versuchen Sie es dann noch einmal.</translation>
    </message>
    <message>
        <source>Copy the key anew, or make a new one, and try again.</source>
        <translation>Kopieren Sie den Schlüssel neu oder erstellen Sie einen neuen und versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>Look at what the key may do: its project, and its permissions for this model.</source>
        <translation>Sehen Sie nach, was der Schlüssel darf: sein Projekt und seine Rechte für dieses Modell.</translation>
    </message>
    <message>
        <source>Mend what the steps before tell; if they are good, look into the relay&apos;s log.</source>
        <translation>Beheben Sie, was die Schritte davor melden; sind sie in Ordnung, sehen Sie in das Protokoll des Relays.</translation>
    </message>
    <message>
        <source>This machine&apos;s clock goes right.</source>
        <translation>Die Uhr dieses Rechners geht richtig.</translation>
    </message>
    <message>
        <source>This machine&apos;s clock says %1, and the upstream&apos;s %2.</source>
        <translation>Die Uhr dieses Rechners sagt %1 und die des Zielservers %2.</translation>
    </message>
    <message>
        <source>Set this machine&apos;s clock, and have it follow a time server: certificates and tokens have dates.</source>
        <translation>Stellen Sie die Uhr dieses Rechners und lassen Sie sie einem Zeitserver folgen: Zertifikate und Tokens tragen ein Datum.</translation>
    </message>
    <message>
        <source>A WebSocket through %1 reaches another relay than this one.</source>
        <translation>Ein WebSocket über %1 erreicht ein anderes Relay als dieses.</translation>
    </message>
    <message>
        <source>See whether another machine, or an earlier start of this program, holds the address.</source>
        <translation>Sehen Sie nach, ob ein anderer Rechner oder ein früherer Start dieses Programms die Adresse hat.</translation>
    </message>
    <message>
        <source>A message came back changed through %1.</source>
        <translation>Eine Nachricht kam über %1 verändert zurück.</translation>
    </message>
    <message>
        <source>Something in between changes what passes. Take another way.</source>
        <translation>Etwas dazwischen ändert, was hindurchgeht. Nehmen Sie einen anderen Weg.</translation>
    </message>
    <message>
        <source>%1 opens a WebSocket, but the first message does not come through.</source>
        <translation>%1 öffnet einen WebSocket, aber die erste Nachricht kommt nicht durch.</translation>
    </message>
    <message>
        <source>The service in between keeps back or cuts what passes. Switch its buffering off, or take another way.</source>
        <translation>Der Dienst dazwischen hält zurück oder kappt, was hindurchgeht. Schalten Sie seine Pufferung aus oder nehmen Sie einen anderen Weg.</translation>
    </message>
    <message>
        <source>A message of 256 KiB does not pass through %1; small ones do.</source>
        <translation>Eine Nachricht von 256 KiB kommt nicht durch %1; kleine kommen durch.</translation>
    </message>
    <message>
        <source>Calls with long audio messages would break. Raise the limit of messages at the service in between.</source>
        <translation>Anrufe mit langen Tonnachrichten würden abbrechen. Erhöhen Sie beim Dienst dazwischen die Grenze für Nachrichten.</translation>
    </message>
    <message>
        <source>A message did not come back through %1.</source>
        <translation>Eine Nachricht kam über %1 nicht zurück.</translation>
    </message>
    <message>
        <source>Test again. If it stays so, take another way.</source>
        <translation>Prüfen Sie erneut. Bleibt es so, nehmen Sie einen anderen Weg.</translation>
    </message>
    <message>
        <source>Nothing was found out within %1 s.</source>
        <translation>Binnen %1 s ließ sich nichts herausfinden.</translation>
    </message>
    <message>
        <source>Something does not answer: the DNS servers of this machine, a proxy, or a firewall that drops what it does not like. Check the internet connection.</source>
        <translation>Etwas antwortet nicht: die DNS-Server dieses Rechners, ein Proxy oder eine Firewall, die verwirft, was ihr nicht gefällt. Prüfen Sie die Internetverbindung.</translation>
    </message>
    <message>
        <source>Mend that, and examine anew.</source>
        <translation>Beheben Sie das und untersuchen Sie erneut.</translation>
    </message>
    <message>
        <source>A whole call takes a key; none was given. In a demo the simulator answers without one.</source>
        <translation>Ein ganzer Anruf braucht einen Schlüssel; es wurde keiner angegeben. In einer Demo antwortet der Simulator ohne.</translation>
    </message>
    <message>
        <source>A whole call through the relay: connected after %1 ms, the first audio %2 ms after the end of speech, closed with %3.</source>
        <translation>Ein ganzer Anruf über das Relay: verbunden nach %1 ms, der erste Ton %2 ms nach dem Ende des Sprechens, geschlossen mit %3.</translation>
    </message>
    <message>
        <source>No address for others is known: none is shared, and none was given.</source>
        <translation>Es ist keine Adresse für andere bekannt: Keine ist freigegeben, und keine wurde angegeben.</translation>
    </message>
    <message>
        <source>%1 leads to this relay: proven at %2, from this network.</source>
        <translation>%1 führt zu diesem Relay: nachgewiesen (%2), aus diesem Netz.</translation>
    </message>
    <message>
        <source>%1 cannot be reached from here. (Detail: %2)</source>
        <translation>%1 ist von hier nicht zu erreichen. (Einzelheit: %2)</translation>
    </message>
    <message>
        <source>Check the name, the forwarding of the port, and the firewall; a router may also refuse to lead its own network back in: then try from outside, with a telephone for instance.</source>
        <translation>Prüfen Sie den Namen, die Weiterleitung des Ports und die Firewall; auch lassen manche Router ihr eigenes Netz nicht von außen wieder herein: Versuchen Sie es dann von außerhalb, zum Beispiel mit einem Telefon.</translation>
    </message>
    <message>
        <source>Until then clients refuse the connection, and browsers do not say why.</source>
        <translation>Bis dahin verweigern Clients die Verbindung, und Browser sagen nicht, warum.</translation>
    </message>
    <message>
        <source>%1 takes connections, but gives no answer in HTTP. (Detail: %2)</source>
        <translation>%1 nimmt Verbindungen an, gibt aber keine Antwort in HTTP. (Einzelheit: %2)</translation>
    </message>
    <message>
        <source>Check what is in front of the relay, and whether the address is to begin with ws:// or wss://.</source>
        <translation>Prüfen Sie, was vor dem Relay steht und ob die Adresse mit ws:// oder mit wss:// beginnen muss.</translation>
    </message>
    <message>
        <source>What is in front answers at %1, but does not reach the relay (HTTP %2).</source>
        <translation>Was davor steht, antwortet unter %1, erreicht aber das Relay nicht (HTTP %2).</translation>
    </message>
    <message>
        <source>Start the relay and the tunnel, or correct where what is in front leads to.</source>
        <translation>Starten Sie das Relay und den Tunnel oder berichtigen Sie, wohin das führt, was davor steht.</translation>
    </message>
    <message>
        <source>%1 sends elsewhere (HTTP %2), which a WebSocket cannot follow.</source>
        <translation>%1 verweist anderswohin (HTTP %2), wohin ein WebSocket nicht folgen kann.</translation>
    </message>
    <message>
        <source>Give others the address that it leads to: wss:// instead of ws://, most likely.</source>
        <translation>Geben Sie anderen die Adresse, zu der sie führt: höchstwahrscheinlich wss:// statt ws://.</translation>
    </message>
    <message>
        <source>%1 answers from here (HTTP %2). Whether it is this relay the test of sharing proves; from another country only somebody there can say.</source>
        <translation>%1 antwortet von hier aus (HTTP %2). Ob es dieses Relay ist, weist die Prüfung der Freigabe nach; für ein anderes Land kann es nur jemand dort sagen.</translation>
    </message>
    <message>
        <source>Correct them; the relay does not start with them.</source>
        <translation>Berichtigen Sie sie; mit ihnen startet das Relay nicht.</translation>
    </message>
    <message>
        <source>Correct them, in %1 or where they come from; the relay does not start with them, and nothing else was examined.</source>
        <translation>Berichtigen Sie sie, in %1 oder dort, woher sie kommen; mit ihnen startet das Relay nicht, und sonst wurde nichts untersucht.</translation>
    </message>
    <message>
        <source>Mend the file, or name another one; the relay does not start without it.</source>
        <translation>Berichtigen Sie die Datei oder nennen Sie eine andere; ohne sie startet das Relay nicht.</translation>
    </message>
    <message>
        <source>The relay runs with them; correct them all the same.</source>
        <translation>Das Relay läuft damit; berichtigen Sie sie trotzdem.</translation>
    </message>
    <message>
        <source>The settings are fine; there is no file of them.</source>
        <translation>Die Einstellungen sind in Ordnung; es gibt keine Datei dafür.</translation>
    </message>
    <message>
        <source>The settings are fine (%1).</source>
        <translation>Die Einstellungen sind in Ordnung (%1).</translation>
    </message>
    <message>
        <source>The settings have to be mended first.</source>
        <translation>Zuerst müssen die Einstellungen berichtigt werden.</translation>
    </message>
    <message>
        <source>The relay listens on %1 port %2.</source>
        <translation>Das Relay lauscht an %1, Port %2.</translation>
    </message>
    <message>
        <source>The relay takes any free port.</source>
        <translation>Das Relay nimmt irgendeinen freien Port.</translation>
    </message>
    <message>
        <source>Port %1 is free. The relay does not run now.</source>
        <translation>Port %1 ist frei. Das Relay läuft jetzt nicht.</translation>
    </message>
    <message>
        <source>Correct the address or the port (HOST, PORT).</source>
        <translation>Berichtigen Sie die Adresse oder den Port (HOST, PORT).</translation>
    </message>
    <message>
        <source>A relay runs, and listens on port %1.</source>
        <translation>Ein Relay läuft und lauscht an Port %1.</translation>
    </message>
    <message>
        <source>A relay listens on port %1, but takes no new calls: it is stopping.</source>
        <translation>Ein Relay lauscht an Port %1, nimmt aber keine neuen Anrufe an: Es hält an.</translation>
    </message>
    <message>
        <source>Wait until its calls have ended, then start it anew.</source>
        <translation>Warten Sie, bis seine Anrufe zu Ende sind, und starten Sie es dann neu.</translation>
    </message>
    <message>
        <source>Port %1 is taken by another program.</source>
        <translation>Port %1 wird von einem anderen Programm benutzt.</translation>
    </message>
    <message>
        <source>Port %1 is taken by %2.</source>
        <translation>Port %1 wird von %2 benutzt.</translation>
    </message>
    <message>
        <source>Stop that program, or set PORT to another one.</source>
        <translation>Beenden Sie dieses Programm oder setzen Sie PORT auf einen anderen.</translation>
    </message>
    <message>
        <source>This machine has no address in a network: nobody else can reach it.</source>
        <translation>Dieser Rechner hat keine Adresse in einem Netz: Niemand sonst kann ihn erreichen.</translation>
    </message>
    <message>
        <source>Connect it to a network.</source>
        <translation>Verbinden Sie ihn mit einem Netz.</translation>
    </message>
    <message>
        <source>The relay listens on %1; this machine is %2.</source>
        <translation>Das Relay lauscht an %1; dieser Rechner ist %2.</translation>
    </message>
    <message>
        <source>Only programs on this machine can connect, which no firewall forbids.</source>
        <translation>Nur Programme auf diesem Rechner können sich verbinden, und das verbietet keine Firewall.</translation>
    </message>
    <message>
        <source>The relay takes any free port, and a firewall has rules for one.</source>
        <translation>Das Relay nimmt irgendeinen freien Port, und eine Firewall hat Regeln für einen bestimmten.</translation>
    </message>
    <message>
        <source>The firewall of this machine lets others connect to port %1.</source>
        <translation>Die Firewall dieses Rechners lässt andere sich mit Port %1 verbinden.</translation>
    </message>
    <message>
        <source>The firewall of this machine turns others away from port %1.</source>
        <translation>Die Firewall dieses Rechners weist andere an Port %1 ab.</translation>
    </message>
    <message>
        <source>No firewall can be seen on this machine; only an administrator could tell for sure.</source>
        <translation>Auf diesem Rechner ist keine Firewall zu sehen; sicher sagen könnte es nur ein Administrator.</translation>
    </message>
    <message>
        <source>This machine has a firewall. Whether it lets others connect to port %1 only an administrator can see.</source>
        <translation>Dieser Rechner hat eine Firewall. Ob sie andere sich mit Port %1 verbinden lässt, kann nur ein Administrator sehen.</translation>
    </message>
    <message>
        <source>The relay has no certificate: clients connect with ws://, which pages with https:// cannot. A tunnel or a web server in front has one of its own.</source>
        <translation>Das Relay hat kein Zertifikat: Clients verbinden sich mit ws://, was Seiten mit https:// nicht können. Ein Tunnel oder ein Webserver davor hat ein eigenes.</translation>
    </message>
    <message>
        <source>Until then clients refuse the connection, and browsers do not say why. The file is TLS_CERT_FILE.</source>
        <translation>Bis dahin verweigern Clients die Verbindung, und Browser sagen nicht, warum. Die Datei ist TLS_CERT_FILE.</translation>
    </message>
    <message>
        <source>Clients that trust what this system trusts take it for %1.</source>
        <translation>Clients, die dem vertrauen, dem dieses System vertraut, nehmen es für %1 an.</translation>
    </message>
    <message>
        <source>The upstream is on this machine, and asked without TLS.</source>
        <translation>Der Zielserver ist auf diesem Rechner und wird ohne TLS gefragt.</translation>
    </message>
    <message>
        <source>The upstream is asked without TLS (ws://): keys and all that is said can be read on the way.</source>
        <translation>Der Zielserver wird ohne TLS gefragt (ws://): Schlüssel und alles, was gesagt wird, können unterwegs gelesen werden.</translation>
    </message>
    <message>
        <source>Use its wss:// address, if it has one.</source>
        <translation>Nehmen Sie seine Adresse mit wss://, wenn er eine hat.</translation>
    </message>
    <message>
        <source>Its certificate is trusted.</source>
        <translation>Seinem Zertifikat wird vertraut.</translation>
    </message>
    <message>
        <source>Its certificate is trusted: issued by %1, valid until %2.</source>
        <translation>Seinem Zertifikat wird vertraut: ausgestellt von %1, gültig bis %2.</translation>
    </message>
    <message>
        <source>By this machine&apos;s clock the certificate of %1 is not valid now. %2</source>
        <translation>Nach der Uhr dieses Rechners ist das Zertifikat von %1 jetzt nicht gültig. %2</translation>
    </message>
    <message>
        <source>The certificate of %1 is valid from %2 on only; this machine&apos;s clock says %3.</source>
        <translation>Das Zertifikat von %1 ist erst ab dem %2 gültig; die Uhr dieses Rechners sagt %3.</translation>
    </message>
    <message>
        <source>Set this machine&apos;s clock if it is wrong; if it is right, whoever runs the upstream has to mend this.</source>
        <translation>Stellen Sie die Uhr dieses Rechners, wenn sie falsch geht; geht sie richtig, muss es beheben, wer den Zielserver betreibt.</translation>
    </message>
    <message>
        <source>The certificate of %1 expired on %2.</source>
        <translation>Das Zertifikat von %1 ist am %2 abgelaufen.</translation>
    </message>
    <message>
        <source>Whoever runs the upstream has to renew it. Check this machine&apos;s clock, too.</source>
        <translation>Wer den Zielserver betreibt, muss es erneuern. Prüfen Sie auch die Uhr dieses Rechners.</translation>
    </message>
    <message>
        <source>Who answers as %1 has a certificate for %2.</source>
        <translation>Wer als %1 antwortet, hat ein Zertifikat für %2.</translation>
    </message>
    <message>
        <source>Correct the upstream&apos;s address (UPSTREAM_URL); if it is right, something on the way answers in its place.</source>
        <translation>Berichtigen Sie die Adresse des Zielservers (UPSTREAM_URL); stimmt sie, antwortet etwas auf dem Weg an seiner Stelle.</translation>
    </message>
    <message>
        <source>The certificate of %1 was issued by %2, which the relay does not trust.</source>
        <translation>Das Zertifikat von %1 wurde von %2 ausgestellt, und dem vertraut das Relay nicht.</translation>
    </message>
    <message>
        <source>If that is a proxy or a virus scanner of your own network, give its authority as UPSTREAM_CA_FILE; if you do not know it, somebody on the way reads along: do not call from this network.</source>
        <translation>Ist das ein Proxy oder ein Virenscanner Ihres eigenen Netzes, geben Sie dessen Zertifizierungsstelle als UPSTREAM_CA_FILE an; kennen Sie ihn nicht, liest unterwegs jemand mit: Rufen Sie nicht aus diesem Netz an.</translation>
    </message>
    <message>
        <source>%1 port %2</source>
        <translation>%1, Port %2</translation>
    </message>
    <message>
        <source>The upstream does not say what time it is.</source>
        <translation>Der Zielserver sagt nicht, wie spät es ist.</translation>
    </message>
    <message>
        <source>What a step before has found has to be mended first.</source>
        <translation>Was ein Schritt davor gefunden hat, muss zuerst behoben werden.</translation>
    </message>
    <message>
        <source>The upstream is given by its address: %1.</source>
        <translation>Der Zielserver ist mit seiner Adresse angegeben: %1.</translation>
    </message>
    <message>
        <source>The proxy looks %1 up.</source>
        <translation>Der Proxy schlägt %1 nach.</translation>
    </message>
    <message>
        <source>%1 is %2, which is this machine itself.</source>
        <translation>%1 ist %2, also dieser Rechner selbst.</translation>
    </message>
    <message>
        <source>If that is not meant so, a filter of names (an advertisement blocker, /etc/hosts) answers for it: take the name out of it.</source>
        <translation>Ist das nicht so gemeint, antwortet ein Namensfilter (ein Werbeblocker, /etc/hosts) dafür: Nehmen Sie den Namen dort heraus.</translation>
    </message>
    <message>
        <source>%1 is %2.</source>
        <translation>%1 ist %2.</translation>
    </message>
    <message>
        <source>Correct the address of the proxy.</source>
        <translation>Berichtigen Sie die Adresse des Proxys.</translation>
    </message>
    <message>
        <source>There is none on the way: the relay connects directly.</source>
        <translation>Auf dem Weg ist keiner: Das Relay verbindet sich direkt.</translation>
    </message>
    <message>
        <source>The proxy %1 leads to %2.</source>
        <translation>Der Proxy %1 führt zu %2.</translation>
    </message>
    <message>
        <source>Start the proxy, or correct its address (UPSTREAM_PROXY, or HTTPS_PROXY of the environment); if none is needed, take it away.</source>
        <translation>Starten Sie den Proxy oder berichtigen Sie seine Adresse (UPSTREAM_PROXY oder HTTPS_PROXY der Umgebung); wird keiner gebraucht, entfernen Sie sie.</translation>
    </message>
    <message>
        <source>The proxy %1 wants a user and a password, and takes none that it was given.</source>
        <translation>Der Proxy %1 verlangt Benutzer und Passwort und nimmt nichts an, was ihm gegeben wurde.</translation>
    </message>
    <message>
        <source>Put them into its address: http://USER:PASSWORD@HOST:PORT (UPSTREAM_PROXY, or HTTPS_PROXY of the environment).</source>
        <translation>Setzen Sie sie in seine Adresse: http://BENUTZER:PASSWORT@HOST:PORT (UPSTREAM_PROXY oder HTTPS_PROXY der Umgebung).</translation>
    </message>
    <message>
        <source>The proxy&apos;s name %1 has no address.</source>
        <translation>Der Name des Proxys %1 hat keine Adresse.</translation>
    </message>
    <message>
        <source>Nothing listens at the proxy&apos;s address %1.</source>
        <translation>An der Adresse des Proxys %1 lauscht nichts.</translation>
    </message>
    <message>
        <source>The proxy %1 does not answer.</source>
        <translation>Der Proxy %1 antwortet nicht.</translation>
    </message>
    <message>
        <source>The proxy %1 does not lead to %2. (Detail: %3)</source>
        <translation>Der Proxy %1 führt nicht zu %2. (Einzelheit: %3)</translation>
    </message>
    <message>
        <source>Ask whoever runs the proxy to let this host through, or name the host in NO_PROXY.</source>
        <translation>Bitten Sie den Betreiber des Proxys, diesen Rechnernamen durchzulassen, oder nennen Sie ihn in NO_PROXY.</translation>
    </message>
    <message>
        <source>The proxy makes the connection.</source>
        <translation>Der Proxy stellt die Verbindung her.</translation>
    </message>
    <message>
        <source>%1 takes connections.</source>
        <translation>%1 nimmt Verbindungen an.</translation>
    </message>
    <message>
        <source>Mend the file that it names.</source>
        <translation>Berichtigen Sie die Datei, die dort genannt ist.</translation>
    </message>
    <message>
        <source>%1 opens calls, even without a key.</source>
        <translation>%1 nimmt Anrufe an, sogar ohne Schlüssel.</translation>
    </message>
    <message>
        <source>The simulator takes any key.</source>
        <translation>Der Simulator nimmt jeden Schlüssel.</translation>
    </message>
    <message>
        <source>No key was given, and the relay holds none: clients bring their own. With one that is typed for once, this and a whole call are tried.</source>
        <translation>Es wurde kein Schlüssel angegeben, und das Relay hat keinen: Clients bringen ihren eigenen mit. Mit einem, der nur für dieses Mal eingegeben wird, werden dies und ein ganzer Anruf versucht.</translation>
    </message>
    <message>
        <source>%1 takes the key, and opens a session of %2 in %3 ms.</source>
        <translation>%1 nimmt den Schlüssel an und öffnet eine Sitzung von %2 in %3 ms.</translation>
    </message>
    <message>
        <source>%1 is not installed on this machine. To install it, run: %2</source>
        <translation>%1 ist auf diesem Rechner nicht installiert. Zum Installieren führen Sie aus: %2</translation>
    </message>
    <message>
        <source>%1 is not installed on this machine. How to install it: %2</source>
        <translation>%1 ist auf diesem Rechner nicht installiert. So wird es installiert: %2</translation>
    </message>
    <message>
        <source>%1 is not installed on this machine, nor anywhere that PATH names.</source>
        <translation>%1 ist nicht auf diesem Rechner installiert und auch nirgends, wohin PATH zeigt.</translation>
    </message>
    <message>
        <source>The firewall of this machine (firewalld) may turn others away until the port is opened. In a terminal:</source>
        <translation>Die Firewall dieses Rechners (firewalld) weist andere vielleicht ab, bis der Port geöffnet ist. In einem Terminal:</translation>
    </message>
    <message>
        <source>The firewall of this machine (nftables) may turn others away until the port is opened. In a terminal, until the machine is started again; for good, the same rule in /etc/nftables.conf:</source>
        <translation>Die Firewall dieses Rechners (nftables) weist andere vielleicht ab, bis der Port geöffnet ist. In einem Terminal, bis der Rechner neu startet; auf Dauer dieselbe Regel in /etc/nftables.conf:</translation>
    </message>
    <message>
        <source>My relay to OpenAI&apos;s Realtime API is open for you.

Try it in a browser: %1
For the .env file of a frontend: %2

Both hold the secret of this share: hand them on to nobody. Use short-lived tokens only, for what passes may be read on its way. It works as long as I share it.</source>
        <translation>Mein Relay zur Realtime-API von OpenAI steht Ihnen offen.

Im Browser ausprobieren: %1
Für die .env-Datei eines Frontends: %2

Beides enthält das Geheimnis dieser Freigabe: Geben Sie es an niemanden weiter. Nehmen Sie nur kurzlebige Tokens, denn was hindurchgeht, kann unterwegs gelesen werden. Es funktioniert, solange ich es freigebe.</translation>
    </message>
    <message>
        <source>A program on this machine answers for %1 with an address that it has made up (%2).</source>
        <translation>Ein Programm auf diesem Rechner antwortet für %1 mit einer Adresse, die es erfunden hat (%2).</translation>
    </message>
    <message>
        <source>Clash and its like do so. This check goes their way then, and callers do not: have a colleague try the link.</source>
        <translation>Clash und Ähnliches tun das. Diese Prüfung nimmt dann deren Weg, Anrufer tun es nicht: Lassen Sie jemand anderen den Link versuchen.</translation>
    </message>
    <message>
        <source>%1 is an address inside a tailnet or a provider&apos;s network here (%2).</source>
        <translation>%1 ist hier eine Adresse in einem Tailnet oder im Netz eines Anbieters (%2).</translation>
    </message>
    <message>
        <source>This machine may reach it by a shorter way than callers do: have a colleague try the link.</source>
        <translation>Dieser Rechner erreicht sie vielleicht auf einem kürzeren Weg als Anrufer: Lassen Sie jemand anderen den Link versuchen.</translation>
    </message>
    <message>
        <source>%1 leads to an address of a private network (%2).</source>
        <translation>%1 führt zu einer Adresse in einem privaten Netz (%2).</translation>
    </message>
    <message>
        <source>Only who is in that network reaches it. For callers elsewhere take a public name, or another way.</source>
        <translation>Nur wer in diesem Netz ist, erreicht sie. Nehmen Sie für Anrufer von anderswo einen öffentlichen Namen oder einen anderen Weg.</translation>
    </message>
    <message>
        <source>%1 leads to this very machine (%2).</source>
        <translation>%1 führt zu eben diesem Rechner (%2).</translation>
    </message>
    <message>
        <source>Nobody else reaches it. For callers elsewhere take a public name, or another way.</source>
        <translation>Niemand sonst erreicht sie. Nehmen Sie für Anrufer von anderswo einen öffentlichen Namen oder einen anderen Weg.</translation>
    </message>
    <message>
        <source>%1 leads to %2.</source>
        <translation>%1 führt zu %2.</translation>
    </message>
    <message>
        <source>This system still says that %1 does not exist; others see it (%2).</source>
        <translation>Dieses System sagt noch, dass es %1 nicht gibt; andere sehen den Namen (%2).</translation>
    </message>
    <message>
        <source>Callers are not hindered. On this machine it may take half an hour, or until its memory of names is emptied (Windows: ipconfig /flushdns).</source>
        <translation>Anrufer stört das nicht. Auf diesem Rechner kann es eine halbe Stunde dauern, oder bis sein Speicher für Namen geleert wird (Windows: ipconfig /flushdns).</translation>
    </message>
    <message>
        <source>The name %1 does not exist yet.</source>
        <translation>Den Namen %1 gibt es noch nicht.</translation>
    </message>
    <message>
        <source>A new name may take minutes: test again. If it is a name of your own, see how it is written and whether its record of type A or AAAA is there.</source>
        <translation>Ein neuer Name kann Minuten brauchen: Prüfen Sie erneut. Ist es ein eigener Name, sehen Sie nach, wie er geschrieben ist und ob sein Eintrag vom Typ A oder AAAA da ist.</translation>
    </message>
    <message>
        <source>Nobody answers what address %1 has: no public resolver, nor this system.</source>
        <translation>Niemand antwortet, welche Adresse %1 hat: kein öffentlicher Resolver und auch nicht dieses System.</translation>
    </message>
    <message>
        <source>See whether this machine is connected to the internet, and which resolver (DNS) it is told to ask.</source>
        <translation>Sehen Sie nach, ob dieser Rechner mit dem Internet verbunden ist und welchen Resolver (DNS) er fragen soll.</translation>
    </message>
    <message>
        <source>Only this network knows the name %1 (%2); a public resolver does not.</source>
        <translation>Nur dieses Netz kennt den Namen %1 (%2); ein öffentlicher Resolver kennt ihn nicht.</translation>
    </message>
    <message>
        <source>Callers elsewhere cannot find it yet. If it is new, test again in some minutes.</source>
        <translation>Anrufer von anderswo können ihn noch nicht finden. Ist er neu, prüfen Sie in einigen Minuten erneut.</translation>
    </message>
    <message>
        <source>the connection was closed before the request was answered</source>
        <translation>die Verbindung wurde geschlossen, bevor die Anfrage beantwortet war</translation>
    </message>
    <message>
        <source>connected, but the request was not answered</source>
        <translation>verbunden, aber die Anfrage wurde nicht beantwortet</translation>
    </message>
    <message>
        <source>The relay itself does not answer on this machine where it is shared. (%1)</source>
        <translation>Das Relay selbst antwortet auf diesem Rechner nicht, wo es freigegeben ist. (%1)</translation>
    </message>
    <message>
        <source>Stop sharing and start again. If it stays so, a firewall or security program on this machine keeps programs from reaching 127.0.0.1.</source>
        <translation>Beenden Sie die Freigabe und beginnen Sie sie neu. Bleibt es so, hindert eine Firewall oder ein Sicherheitsprogramm auf diesem Rechner Programme daran, 127.0.0.1 zu erreichen.</translation>
    </message>
    <message>
        <source>Through the proxy %1 it does not work either: %2</source>
        <translation>Auch über den Proxy %1 funktioniert es nicht: %2</translation>
    </message>
    <message>
        <source>See first what is wrong without it.</source>
        <translation>Sehen Sie zuerst, was ohne ihn nicht stimmt.</translation>
    </message>
    <message>
        <source>Without the proxy %1 it does not work from here, so what follows is through it. (%2)</source>
        <translation>Ohne den Proxy %1 funktioniert es von hier nicht, daher läuft das Folgende über ihn. (%2)</translation>
    </message>
    <message>
        <source>If this machine has to use the proxy, nothing: callers do not go through it.</source>
        <translation>Muss dieser Rechner den Proxy benutzen, ist nichts zu tun: Anrufer gehen nicht über ihn.</translation>
    </message>
    <message>
        <source>%1 takes away the Origin of web pages on the way.</source>
        <translation>%1 nimmt Webseiten unterwegs den Origin weg.</translation>
    </message>
    <message>
        <source>%1 changes the Origin of web pages on the way (it arrives as %2).</source>
        <translation>%1 ändert unterwegs den Origin von Webseiten (er kommt als %2 an).</translation>
    </message>
    <message>
        <source>Origins cannot be checked behind this service, and any web page could be let in. Have it pass on Host and Origin as they are, or take another way.</source>
        <translation>Hinter diesem Dienst können Ursprünge nicht geprüft werden, und jede Webseite könnte eingelassen werden. Lassen Sie ihn Host und Origin weitergeben, wie sie sind, oder nehmen Sie einen anderen Weg.</translation>
    </message>
    <message>
        <source>The relay answers at the door that is only for the share.</source>
        <translation>Das Relay antwortet an der Tür, die nur für die Freigabe ist.</translation>
    </message>
    <message>
        <source>%1 leads to this relay.</source>
        <translation>%1 führt zu diesem Relay.</translation>
    </message>
    <message>
        <source>%1 leads to this relay, but under another name: Host is %2 when it arrives.</source>
        <translation>%1 führt zu diesem Relay, aber unter einem anderen Namen: Host ist bei der Ankunft %2.</translation>
    </message>
    <message>
        <source>The page for trying may be refused, for it comes from another name than the relay sees. Have the service in between pass on Host as it is.</source>
        <translation>Die Seite zum Ausprobieren wird vielleicht abgelehnt, denn sie kommt von einem anderen Namen, als das Relay ihn sieht. Lassen Sie den Dienst dazwischen Host weitergeben, wie er ist.</translation>
    </message>
    <message>
        <source>Browsers are answered as programs are.</source>
        <translation>Browser bekommen dieselbe Antwort wie Programme.</translation>
    </message>
    <message>
        <source>Web pages&apos; WebSockets pass, with their origin and subprotocol.</source>
        <translation>WebSockets von Webseiten kommen durch, mit ihrem Ursprung und Unterprotokoll.</translation>
    </message>
    <message>
        <source>A message takes %1 ms there and back, %2 ms at worst; one of 256 KiB passes as well.</source>
        <translation>Eine Nachricht braucht hin und zurück %1 ms, im schlechtesten Fall %2 ms; eine von 256 KiB kommt auch durch.</translation>
    </message>
    <message>
        <source>Whether callers&apos; addresses can be believed was not found out: the question was refused.</source>
        <translation>Ob den Adressen von Anrufern zu glauben ist, ließ sich nicht herausfinden: Die Frage wurde abgelehnt.</translation>
    </message>
    <message>
        <source>Limits for each address count all callers as one. Test again.</source>
        <translation>Grenzen je Adresse zählen alle Anrufer als einen. Prüfen Sie erneut.</translation>
    </message>
    <message>
        <source>The service in between says from where each call comes, and callers cannot forge it.</source>
        <translation>Der Dienst dazwischen sagt, woher jeder Anruf kommt, und Anrufer können es nicht fälschen.</translation>
    </message>
    <message>
        <source>This machine</source>
        <translation>Dieser Rechner</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Secure connection</source>
        <translation>Sichere Verbindung</translation>
    </message>
    <message>
        <source>Way to this relay</source>
        <translation>Weg zu diesem Relay</translation>
    </message>
    <message>
        <source>As a browser</source>
        <translation>Wie ein Browser</translation>
    </message>
    <message>
        <source>WebSocket of a web page</source>
        <translation>WebSocket einer Webseite</translation>
    </message>
    <message>
        <source>Messages</source>
        <translation>Nachrichten</translation>
    </message>
    <message>
        <source>Callers&apos; addresses</source>
        <translation>Adressen der Anrufer</translation>
    </message>
    <message>
        <source>Quiet connections</source>
        <translation>Stille Verbindungen</translation>
    </message>
    <message>
        <source>%1 is missing. For example: %2</source>
        <translation>%1 fehlt. Zum Beispiel: %2</translation>
    </message>
    <message>
        <source>The way &quot;%1&quot; asks for nothing called &quot;%2&quot;.</source>
        <translation>Der Weg „%1“ fragt nach nichts, das „%2“ heißt.</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is no origin: %2.</source>
        <translation>„%1“ ist kein Ursprung: %2.</translation>
    </message>
    <message>
        <source>Not every page may use what is shared: name those that may, such as https://app.example.org, or none where only programs call.</source>
        <translation>Nicht jede Seite darf benutzen, was freigegeben ist: Nennen Sie die, die es dürfen, etwa https://app.example.org, oder keine, wenn nur Programme anrufen.</translation>
    </message>
    <message>
        <source>%1 h</source>
        <translation>%1 h</translation>
    </message>
    <message>
        <source>%1 min</source>
        <translation>%1 min</translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation>%1 s</translation>
    </message>
    <message>
        <source>There is no way called &quot;%1&quot;.</source>
        <translation>Es gibt keinen Weg, der „%1“ heißt.</translation>
    </message>
    <message>
        <source>All together may have 1 to %1 calls at a time.</source>
        <translation>Alle zusammen dürfen 1 bis %1 Anrufe zugleich führen.</translation>
    </message>
    <message>
        <source>One address may have 1 to %1 calls at a time, as many as all together.</source>
        <translation>Eine Adresse darf 1 bis %1 Anrufe zugleich führen, so viele wie alle zusammen.</translation>
    </message>
    <message>
        <source>A share lasts from %1 s to %2 days.</source>
        <translation>Eine Freigabe dauert von %1 s bis zu %2 Tagen.</translation>
    </message>
    <message>
        <source>Whoever has the link may call: programs, and the page that the link opens. No other web page may.</source>
        <translation>Wer den Link hat, darf anrufen: Programme und die Seite, die der Link öffnet. Keine andere Webseite darf es.</translation>
    </message>
    <message>
        <source>Whoever has the link may call: programs, the page that the link opens, and pages of %1.</source>
        <translation>Wer den Link hat, darf anrufen: Programme, die Seite, die der Link öffnet, und Seiten von %1.</translation>
    </message>
    <message>
        <source>At most %1 calls at a time, %2 from one address.</source>
        <translation>Höchstens %1 Anrufe zugleich, %2 von einer Adresse.</translation>
    </message>
    <message>
        <source>It ends by itself after %1, also while this machine sleeps, and with this program. Stopping it ends its calls at once.</source>
        <translation>Sie endet von selbst nach %1, auch während dieser Rechner schläft, und mit diesem Programm. Wird sie beendet, enden ihre Anrufe sofort.</translation>
    </message>
    <message>
        <source>OpenAI&apos;s terms forbid offering access to its services where it does not support them, and it may block accounts for it. The account at risk is the operator&apos;s: yours.</source>
        <translation>Die Bedingungen von OpenAI verbieten, Zugang zu seinen Diensten anzubieten, wo es sie nicht unterstützt, und es kann dafür Konten sperren. Das gefährdete Konto ist das des Betreibers: Ihres.</translation>
    </message>
    <message>
        <source>The key is none: it holds a blank or another character that no key has. Copy it anew.</source>
        <translation>Der Schlüssel ist keiner: Er enthält ein Leerzeichen oder ein anderes Zeichen, das kein Schlüssel hat. Kopieren Sie ihn neu.</translation>
    </message>
    <message>
        <source>The connection was cut off in mid-call, without a word. Try again; if it stays so, what is in between cuts connections off.</source>
        <translation>Die Verbindung wurde mitten im Anruf ohne ein Wort getrennt. Versuchen Sie es noch einmal; bleibt es so, trennt das, was dazwischen ist, Verbindungen.</translation>
    </message>
    <message>
        <source>What came is not of a WebSocket. Something in between changes it.</source>
        <translation>Was kam, gehört nicht zu einem WebSocket. Etwas dazwischen ändert es.</translation>
    </message>
    <message>
        <source>The call was closed from the other side in mid-call: %1 %2.</source>
        <translation>Der Anruf wurde mittendrin von der anderen Seite geschlossen: %1 %2.</translation>
    </message>
    <message>
        <source>The call was answered with an error: %1 (%2).</source>
        <translation>Der Anruf wurde mit einem Fehler beantwortet: %1 (%2).</translation>
    </message>
    <message>
        <source>The answer had no audio in it. Check that the model is one that speaks.</source>
        <translation>Die Antwort enthielt keinen Ton. Prüfen Sie, ob das Modell eines ist, das spricht.</translation>
    </message>
    <message>
        <source>The call was opened, but nothing was answered. What answers there is no Realtime API, or something in between holds messages back.</source>
        <translation>Der Anruf wurde geöffnet, aber nichts wurde geantwortet. Was dort antwortet, ist keine Realtime-API, oder etwas dazwischen hält Nachrichten zurück.</translation>
    </message>
    <message>
        <source>No answer came to what was said. Try again; if it stays so, look at the upstream&apos;s status page.</source>
        <translation>Auf das Gesagte kam keine Antwort. Versuchen Sie es noch einmal; bleibt es so, sehen Sie auf die Statusseite des Zielservers.</translation>
    </message>
    <message>
        <source>Have the server show a certificate for this name. If it is not your server that answers, a captive portal or another machine does: the name or its address may be wrong.</source>
        <translation>Lassen Sie den Server ein Zertifikat für diesen Namen zeigen. Antwortet nicht Ihr Server, so antwortet die Anmeldeseite eines Netzes oder ein anderer Rechner: Der Name oder seine Adresse ist vielleicht falsch.</translation>
    </message>
    <message>
        <source>Callers&apos; browsers will refuse it as well. Take a certificate that is trusted everywhere (Let&apos;s Encrypt), with its whole chain. If only this machine complains, a scanner in between shows certificates of its own.</source>
        <translation>Auch die Browser von Anrufern werden es ablehnen. Nehmen Sie ein Zertifikat, dem überall vertraut wird (Let&apos;s Encrypt), mit seiner ganzen Kette. Beschwert sich nur dieser Rechner, zeigt ein Scanner dazwischen eigene Zertifikate.</translation>
    </message>
    <message>
        <source>Renew the certificate at the server; see also whether the clock of this machine is right.</source>
        <translation>Erneuern Sie das Zertifikat beim Server; sehen Sie auch nach, ob die Uhr dieses Rechners richtig geht.</translation>
    </message>
    <message>
        <source>%1 answers, but without TLS.</source>
        <translation>%1 antwortet, aber ohne TLS.</translation>
    </message>
    <message>
        <source>Pages that came by https may not call it, and everyone on the way can read what passes. Take an address that begins with https://.</source>
        <translation>Seiten, die über https kamen, dürfen dorthin nicht anrufen, und jeder auf dem Weg kann lesen, was hindurchgeht. Nehmen Sie eine Adresse, die mit https:// beginnt.</translation>
    </message>
    <message>
        <source>The certificate of %1, by %2, is not taken: %3</source>
        <translation>Das Zertifikat von %1, ausgestellt von %2, wird nicht angenommen: %3</translation>
    </message>
    <message>
        <source>%1 with a certificate by %2 that is good until %3.</source>
        <translation>%1 mit einem Zertifikat von %2, das bis %3 gilt.</translation>
    </message>
    <message>
        <source>“%1” does not get ready. Its program said last: %2</source>
        <translation>„%1“ wird nicht bereit. Zuletzt sagte sein Programm: %2</translation>
    </message>
    <message>
        <source>“%1” does not get ready, and its program says nothing.</source>
        <translation>„%1“ wird nicht bereit, und sein Programm sagt nichts.</translation>
    </message>
    <message>
        <source>%1 has lost its connection and does not find back. It is started anew.</source>
        <translation>%1 hat seine Verbindung verloren und findet nicht zurück. Es wird neu gestartet.</translation>
    </message>
    <message>
        <source>%1 could not be started: %2</source>
        <translation>%1 konnte nicht gestartet werden: %2</translation>
    </message>
    <message>
        <source>The program of “%1” has ended. It said: %2</source>
        <translation>Das Programm von „%1“ hat sich beendet. Es sagte: %2</translation>
    </message>
    <message>
        <source>The program of “%1” has ended without a word.</source>
        <translation>Das Programm von „%1“ hat sich ohne ein Wort beendet.</translation>
    </message>
    <message>
        <source>“%1” cannot be a socket: its path may have 107 bytes, and no blanks or colons.</source>
        <translation>„%1“ kann kein Socket sein: Sein Pfad darf 107 Bytes haben und keine Leerzeichen oder Doppelpunkte.</translation>
    </message>
    <message>
        <source>Write the address before the port, too: 127.0.0.1:%1.</source>
        <translation>Schreiben Sie auch die Adresse vor den Port: 127.0.0.1:%1.</translation>
    </message>
    <message>
        <source>“%1” is neither a path, such as /run/relay/relay.sock, nor a port that only the server itself reaches, such as 127.0.0.1:9000. Calls would come there without TLS, so no other may reach it.</source>
        <translation>„%1“ ist weder ein Pfad wie /run/relay/relay.sock noch ein Port, den nur der Server selbst erreicht, wie 127.0.0.1:9000. Anrufe kämen dort ohne TLS an, daher darf ihn sonst niemand erreichen.</translation>
    </message>
    <message>
        <source>“%1” is no address of the form https://relay.example.org, with no path behind it.</source>
        <translation>„%1“ ist keine Adresse der Form https://relay.example.org, ohne Pfad dahinter.</translation>
    </message>
    <message>
        <source>“%1” is to be filled in.</source>
        <translation>„%1“ muss ausgefüllt werden.</translation>
    </message>
    <message>
        <source>“%1” is too long, or has characters that cannot be seen.</source>
        <translation>„%1“ ist zu lang oder enthält Zeichen, die nicht zu sehen sind.</translation>
    </message>
    <message>
        <source>“%1” may not begin with a hyphen.</source>
        <translation>„%1“ darf nicht mit einem Bindestrich beginnen.</translation>
    </message>
    <message>
        <source>“%1” takes letters, digits, and . _ - between them.</source>
        <translation>„%1“ nimmt Buchstaben, Ziffern und dazwischen . _ - an.</translation>
    </message>
    <message>
        <source>“%1” takes a port, from 1 to 65535.</source>
        <translation>„%1“ nimmt einen Port an, von 1 bis 65535.</translation>
    </message>
    <message>
        <source>“%1” takes user@server, or a Host of your SSH configuration.</source>
        <translation>„%1“ nimmt benutzer@server an oder einen Host Ihrer SSH-Konfiguration.</translation>
    </message>
    <message>
        <source>“%1”: there is no such file that can be read.</source>
        <translation>„%1“: Eine solche Datei, die gelesen werden kann, gibt es nicht.</translation>
    </message>
    <message>
        <source>“%1” has blanks in it, which no token has.</source>
        <translation>„%1“ enthält Leerzeichen, und die hat kein Token.</translation>
    </message>
    <message>
        <source>TLS ends on your own server: nobody but you can read what passes. Callers&apos; keys and tokens are among it.</source>
        <translation>TLS endet auf Ihrem eigenen Server: Niemand außer Ihnen kann lesen, was hindurchgeht. Schlüssel und Token der Anrufer gehören dazu.</translation>
    </message>
    <message>
        <source>%1 can read what passes: callers&apos; keys and tokens, what is said and what is answered. Give out nothing but access tokens and ephemeral keys.</source>
        <translation>%1 kann lesen, was hindurchgeht: Schlüssel und Token der Anrufer, was gesagt und was geantwortet wird. Geben Sie nur Zugangstoken und kurzlebige Schlüssel heraus.</translation>
    </message>
    <message>
        <source>TLS ends on this machine: nobody on the way can read what passes.</source>
        <translation>TLS endet auf diesem Rechner: Niemand auf dem Weg kann lesen, was hindurchgeht.</translation>
    </message>
    <message>
        <source>Whoever ends TLS for this address can read what passes: callers&apos; keys and tokens, what is said and what is answered.</source>
        <translation>Wer TLS für diese Adresse beendet, kann lesen, was hindurchgeht: Schlüssel und Token der Anrufer, was gesagt und was geantwortet wird.</translation>
    </message>
    <message>
        <source>There is no program “%1” on this machine that can be run.</source>
        <translation>Auf diesem Rechner gibt es kein Programm „%1“, das ausgeführt werden kann.</translation>
    </message>
    <message>
        <source>Own server, by SSH</source>
        <translation>Eigener Server, über SSH</translation>
    </message>
    <message>
        <source>Own server, by SSH, an account without a shell</source>
        <translation>Eigener Server, über SSH, ein Konto ohne Shell</translation>
    </message>
    <message>
        <source>Cloudflare, without an account</source>
        <translation>Cloudflare, ohne Konto</translation>
    </message>
    <message>
        <source>Cloudflare, a tunnel with a name</source>
        <translation>Cloudflare, ein Tunnel mit Namen</translation>
    </message>
    <message>
        <source>Cloudflare, a tunnel by its token</source>
        <translation>Cloudflare, ein Tunnel über sein Token</translation>
    </message>
    <message>
        <source>sish, one&apos;s own or tuns.sh</source>
        <translation>sish, ein eigenes oder tuns.sh</translation>
    </message>
    <message>
        <source>frp, own server</source>
        <translation>frp, eigener Server</translation>
    </message>
    <message>
        <source>Another command</source>
        <translation>Ein anderer Befehl</translation>
    </message>
    <message>
        <source>Server</source>
        <translation>Server</translation>
    </message>
    <message>
        <source>Where on the server</source>
        <translation>Wo auf dem Server</translation>
    </message>
    <message>
        <source>Public address</source>
        <translation>Öffentliche Adresse</translation>
    </message>
    <message>
        <source>SSH port</source>
        <translation>SSH-Port</translation>
    </message>
    <message>
        <source>Public port: 443, 8443 or 10000</source>
        <translation>Öffentlicher Port: 443, 8443 oder 10000</translation>
    </message>
    <message>
        <source>File with the tunnel&apos;s token</source>
        <translation>Datei mit dem Token des Tunnels</translation>
    </message>
    <message>
        <source>Configuration file</source>
        <translation>Konfigurationsdatei</translation>
    </message>
    <message>
        <source>Authtoken, unless the program has it already</source>
        <translation>Authtoken, wenn das Programm es nicht schon hat</translation>
    </message>
    <message>
        <source>Command</source>
        <translation>Befehl</translation>
    </message>
    <message>
        <source>What it prints before the address</source>
        <translation>Was er vor der Adresse ausgibt</translation>
    </message>
    <message>
        <source>No account; free.</source>
        <translation>Kein Konto; kostenlos.</translation>
    </message>
    <message>
        <source>A free account that this machine is signed in to.</source>
        <translation>Ein kostenloses Konto, bei dem dieser Rechner angemeldet ist.</translation>
    </message>
    <message>
        <source>A server of your own with a name, for about 5 dollars a month.</source>
        <translation>Ein eigener Server mit einem Namen, für etwa 5 Dollar im Monat.</translation>
    </message>
    <message>
        <source>A Cloudflare account, and a domain in it; the tunnel is free.</source>
        <translation>Ein Cloudflare-Konto und eine Domain darin; der Tunnel ist kostenlos.</translation>
    </message>
    <message>
        <source>No account, but an SSH key; free.</source>
        <translation>Kein Konto, aber ein SSH-Schlüssel; kostenlos.</translation>
    </message>
    <message>
        <source>A server of your own with sish, or an account of a service that runs it.</source>
        <translation>Ein eigener Server mit sish oder ein Konto bei einem Dienst, der es betreibt.</translation>
    </message>
    <message>
        <source>An account and its authtoken; free within limits.</source>
        <translation>Ein Konto und sein Authtoken; in Grenzen kostenlos.</translation>
    </message>
    <message>
        <source>A Microsoft or GitHub account; free within limits.</source>
        <translation>Ein Konto bei Microsoft oder GitHub; in Grenzen kostenlos.</translation>
    </message>
    <message>
        <source>Depends on the command.</source>
        <translation>Hängt vom Befehl ab.</translation>
    </message>
    <message>
        <source>The address stays the same.</source>
        <translation>Die Adresse bleibt dieselbe.</translation>
    </message>
    <message>
        <source>The address stays the same while nobody else takes the name.</source>
        <translation>Die Adresse bleibt dieselbe, solange niemand sonst den Namen nimmt.</translation>
    </message>
    <message>
        <source>The address is another one each time.</source>
        <translation>Die Adresse ist jedes Mal eine andere.</translation>
    </message>
    <message>
        <source>The address also changes while you share; the link follows, and has to be sent again.</source>
        <translation>Die Adresse wechselt auch, während Sie freigeben; der Link folgt ihr und muss neu verschickt werden.</translation>
    </message>
    <message>
        <source>Certificates are published: the name is in public lists, and strangers try it within minutes. They get nowhere without the link.</source>
        <translation>Zertifikate werden veröffentlicht: Der Name steht in öffentlichen Listen, und Fremde probieren ihn binnen Minuten aus. Ohne den Link kommen sie nicht weiter.</translation>
    </message>
    <message>
        <source>The name is in no public list of certificates.</source>
        <translation>Der Name steht in keiner öffentlichen Liste von Zertifikaten.</translation>
    </message>
    <message>
        <source>It is meant for trying things out: nobody promises that it stays up.</source>
        <translation>Er ist zum Ausprobieren gedacht: Niemand verspricht, dass er bestehen bleibt.</translation>
    </message>
    <message>
        <source>It carries 200 calls and requests at a time.</source>
        <translation>Er trägt 200 Anrufe und Anfragen zugleich.</translation>
    </message>
    <message>
        <source>The tunnel must have been made by “cloudflared tunnel create”: one that is managed on Cloudflare&apos;s pages leads to the port that is written there, and this one is another each time.</source>
        <translation>Der Tunnel muss mit „cloudflared tunnel create“ angelegt sein: Einer, der auf den Seiten von Cloudflare verwaltet wird, führt zu dem Port, der dort steht, und dieser ist jedes Mal ein anderer.</translation>
    </message>
    <message>
        <source>The first time its certificate takes up to a minute.</source>
        <translation>Beim ersten Mal braucht sein Zertifikat bis zu einer Minute.</translation>
    </message>
    <message>
        <source>Its bandwidth is limited; how much is not published.</source>
        <translation>Seine Bandbreite ist begrenzt; wie sehr, ist nicht veröffentlicht.</translation>
    </message>
    <message>
        <source>With OpenSSH before 10.1 on the server, speech arrives up to 40 ms later than by an account with a shell.</source>
        <translation>Mit einem OpenSSH vor 10.1 auf dem Server kommt Sprache bis zu 40 ms später an als über ein Konto mit Shell.</translation>
    </message>
    <message>
        <source>It is said to end after some minutes at times.</source>
        <translation>Er soll manchmal nach einigen Minuten enden.</translation>
    </message>
    <message>
        <source>It ends after 60 minutes; then it begins again with another address.</source>
        <translation>Er endet nach 60 Minuten; dann beginnt er mit einer anderen Adresse von Neuem.</translation>
    </message>
    <message>
        <source>One at a time from one network.</source>
        <translation>Nur einer zugleich aus einem Netz.</translation>
    </message>
    <message>
        <source>The service has been down for days at times.</source>
        <translation>Der Dienst war zuweilen tagelang ausgefallen.</translation>
    </message>
    <message>
        <source>On the free plan browsers get a page in between, and web pages cannot call at all; programs can.</source>
        <translation>Im kostenlosen Tarif bekommen Browser eine Seite dazwischen, und Webseiten können gar nicht anrufen; Programme können es.</translation>
    </message>
    <message>
        <source>On the free plan 1 GB and 20,000 requests a month.</source>
        <translation>Im kostenlosen Tarif 1 GB und 20.000 Anfragen im Monat.</translation>
    </message>
    <message>
        <source>The port is another one each time: write localPort = {{ .Envs.RELAY_PORT }} into the configuration.</source>
        <translation>Der Port ist jedes Mal ein anderer: Schreiben Sie localPort = {{ .Envs.RELAY_PORT }} in die Konfiguration.</translation>
    </message>
    <message>
        <source>Browsers may get a page in between; the check tells.</source>
        <translation>Browser bekommen vielleicht eine Seite dazwischen; die Prüfung zeigt es.</translation>
    </message>
    <message>
        <source>Whoever opens the link in a browser gets a page in between first; calls do not.</source>
        <translation>Wer den Link in einem Browser öffnet, bekommt zuerst eine Seite dazwischen; Anrufe nicht.</translation>
    </message>
    <message>
        <source>%1 did not accept your SSH key. Add its public half to ~/.ssh/authorized_keys of that account. If the key has a passphrase, run ssh-add first: nobody is asked for it here.</source>
        <translation>%1 hat Ihren SSH-Schlüssel nicht angenommen. Fügen Sie seine öffentliche Hälfte in ~/.ssh/authorized_keys jenes Kontos ein. Hat der Schlüssel ein Kennwort, führen Sie zuerst ssh-add aus: Hier wird niemand danach gefragt.</translation>
    </message>
    <message>
        <source>%1 is not the server that this machine knows by that name: its host key has changed. If you have set it up anew, run ssh-keygen -R with its name and try again; if not, somebody may be in between.</source>
        <translation>%1 ist nicht der Server, den dieser Rechner unter dem Namen kennt: Sein Host-Schlüssel hat sich geändert. Haben Sie ihn neu eingerichtet, führen Sie ssh-keygen -R mit seinem Namen aus und versuchen Sie es noch einmal; wenn nicht, steht vielleicht jemand dazwischen.</translation>
    </message>
    <message>
        <source>The host key of %1 could not be verified. Connect once by hand, compare the key, and try again.</source>
        <translation>Der Host-Schlüssel von %1 konnte nicht geprüft werden. Verbinden Sie sich einmal von Hand, vergleichen Sie den Schlüssel und versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>%1 does not give away %2: an earlier tunnel may still hold it, or its account may not listen there. With ClientAliveInterval 10 and ClientAliveCountMax 2 in sshd_config a dead one lets go within a minute; permitlisten in authorized_keys must name it in the same words.</source>
        <translation>%1 gibt %2 nicht her: Vielleicht hält ein früherer Tunnel es noch fest, oder das Konto darf dort nicht lauschen. Mit ClientAliveInterval 10 und ClientAliveCountMax 2 in sshd_config lässt ein toter Tunnel binnen einer Minute los; permitlisten in authorized_keys muss es wörtlich genauso nennen.</translation>
    </message>
    <message>
        <source>%1 does not give away %2: an earlier tunnel has left it behind, or the account may not write there. Set StreamLocalBindUnlink yes in sshd_config, and see that the folder is there and belongs to the account; AllowTcpForwarding no refuses sockets, too.</source>
        <translation>%1 gibt %2 nicht her: Ein früherer Tunnel hat es zurückgelassen, oder das Konto darf dort nicht schreiben. Setzen Sie StreamLocalBindUnlink yes in sshd_config und sorgen Sie dafür, dass der Ordner da ist und dem Konto gehört; AllowTcpForwarding no verweigert auch Sockets.</translation>
    </message>
    <message>
        <source>%3 has another service at this port already. Take another port, for example 8443, or end that one.</source>
        <translation>%3 hat an diesem Port schon einen anderen Dienst. Nehmen Sie einen anderen Port, zum Beispiel 8443, oder beenden Sie jenen.</translation>
    </message>
    <message>
        <source>%3 has this name in use already: end the other tunnel, on this machine or another.</source>
        <translation>Bei %3 wird dieser Name schon benutzt: Beenden Sie den anderen Tunnel, auf diesem Rechner oder einem anderen.</translation>
    </message>
    <message>
        <source>There is no server called %1. Check its name, and this machine&apos;s network.</source>
        <translation>Es gibt keinen Server namens %1. Prüfen Sie seinen Namen und das Netz dieses Rechners.</translation>
    </message>
    <message>
        <source>%1 does not answer. See that it is on and that its firewall lets the port in; some networks let nothing out but the web.</source>
        <translation>%1 antwortet nicht. Prüfen Sie, ob er an ist und ob seine Firewall den Port einlässt; manche Netze lassen nichts hinaus außer Webverkehr.</translation>
    </message>
    <message>
        <source>%3 cannot be reached. Check this machine&apos;s network; some networks block it.</source>
        <translation>%3 ist nicht zu erreichen. Prüfen Sie das Netz dieses Rechners; manche Netze sperren es.</translation>
    </message>
    <message>
        <source>%3 gives out no tunnel at the moment. It is tried again; another way may help.</source>
        <translation>%3 gibt gerade keinen Tunnel aus. Es wird noch einmal versucht; ein anderer Weg hilft vielleicht.</translation>
    </message>
    <message>
        <source>%3 lets nobody in without a key of theirs. Make one with ssh-keygen, or take another way.</source>
        <translation>%3 lässt niemanden ohne eigenen Schlüssel ein. Erstellen Sie einen mit ssh-keygen oder nehmen Sie einen anderen Weg.</translation>
    </message>
    <message>
        <source>%3 gives this network no more tunnels for now, for there were too many. It is tried again after 10 minutes; another way works at once.</source>
        <translation>%3 gibt diesem Netz vorerst keine Tunnel mehr, denn es waren zu viele. Nach 10 Minuten wird es noch einmal versucht; ein anderer Weg geht sofort.</translation>
    </message>
    <message>
        <source>This network lets no QUIC through; it is tried over HTTP/2.</source>
        <translation>Dieses Netz lässt kein QUIC durch; es wird über HTTP/2 versucht.</translation>
    </message>
    <message>
        <source>%3 has given up this tunnel. A new one is begun, with another address.</source>
        <translation>%3 hat diesen Tunnel aufgegeben. Ein neuer wird begonnen, mit einer anderen Adresse.</translation>
    </message>
    <message>
        <source>The connection to %1 broke off.</source>
        <translation>Die Verbindung zu %1 ist abgerissen.</translation>
    </message>
    <message>
        <source>The account on %1 has no shell. Take the way for an account without a shell, or give it one with a forced command.</source>
        <translation>Das Konto auf %1 hat keine Shell. Nehmen Sie den Weg für ein Konto ohne Shell oder geben Sie ihm eine mit erzwungenem Befehl.</translation>
    </message>
    <message>
        <source>%3 wants your consent first. Open the page; this goes on by itself then.</source>
        <translation>%3 will zuerst Ihre Zustimmung. Öffnen Sie die Seite; danach geht es hier von selbst weiter.</translation>
    </message>
    <message>
        <source>%3 does not know you on this machine. Run once: %4</source>
        <translation>%3 kennt Sie auf diesem Rechner nicht. Führen Sie einmal aus: %4</translation>
    </message>
    <message>
        <source>%3 does not accept the token. Copy it anew from your account there.</source>
        <translation>%3 nimmt das Token nicht an. Kopieren Sie es neu aus Ihrem Konto dort.</translation>
    </message>
    <message>
        <source>%3 is not running or not signed in on this machine. Run once: %4</source>
        <translation>%3 läuft auf diesem Rechner nicht oder ist nicht angemeldet. Führen Sie einmal aus: %4</translation>
    </message>
    <message>
        <source>%3 does not allow it to your account. An administrator of it can.</source>
        <translation>%3 erlaubt es Ihrem Konto nicht. Ein Administrator dort kann es.</translation>
    </message>
    <message>
        <source>Somebody has opened the link; whether from outside is not known.</source>
        <translation>Jemand hat den Link geöffnet; ob von außen, ist nicht bekannt.</translation>
    </message>
    <message>
        <source>%1 is not among the origins of the share. If that page shall call through the link, allow it in the window, or share again with it among the origins.</source>
        <translation>%1 gehört nicht zu den Ursprüngen der Freigabe. Soll diese Seite über den Link anrufen, erlauben Sie sie im Fenster, oder geben Sie noch einmal frei, mit ihr unter den Ursprüngen.</translation>
    </message>
    <message>
        <source>A whole call through a relay with these settings, run for it alone: connected after %1 ms, the first audio %2 ms after the end of speech, closed with %3.</source>
        <translation>Ein ganzer Anruf über ein Relay mit diesen Einstellungen, nur dafür gestartet: verbunden nach %1 ms, der erste Ton %2 ms nach dem Ende des Gesprochenen, geschlossen mit %3.</translation>
    </message>
    <message>
        <source>Only programs on this machine can connect (%1). To let others in, listen on every network (HOST=0.0.0.0; in the window “My networks” under “Let others in”), or share by a tunnel.</source>
        <translation>Nur Programme auf diesem Rechner können sich verbinden (%1). Um andere hereinzulassen, lauschen Sie in allen Netzen (HOST=0.0.0.0; im Fenster „Meine Netze“ unter „Andere einlassen“), oder geben Sie über einen Tunnel frei.</translation>
    </message>
    <message>
        <source>The firewall of this machine (ufw) may turn others away until the port is opened. In a terminal:</source>
        <translation>Die Firewall dieses Rechners (ufw) weist andere vielleicht ab, bis der Port geöffnet ist. In einem Terminal:</translation>
    </message>
    <message>
        <source>Windows&apos; firewall may turn others away until the port is opened. In PowerShell, run as administrator:</source>
        <translation>Die Firewall von Windows weist andere vielleicht ab, bis der Port geöffnet ist. In PowerShell, als Administrator ausgeführt:</translation>
    </message>
    <message>
        <source>Dials the upstream as a call would, without a key, when the relay starts, when the upstream is another, now and then while something is wrong, and after half an hour without a call: what is wrong is told before a caller meets it.</source>
        <translation>Wählt den Zielserver an, wie ein Anruf es täte, ohne Schlüssel: wenn das Relay startet, wenn der Zielserver ein anderer ist, ab und zu, solange etwas nicht stimmt, und nach einer halben Stunde ohne Anruf. Was nicht stimmt, wird so gesagt, bevor ein Anrufer darauf stößt.</translation>
    </message>
    <message>
        <source>Calls from outside do not reach the relay, which is shared.</source>
        <translation>Anrufe von außen erreichen das Relay nicht, das freigegeben ist.</translation>
    </message>
    <message>
        <source>The held key is for calls with an access token, and for nothing else. There is no access token yet, so it serves nobody: make one with realtime-relayd token add NAME, or in the window.</source>
        <translation>Der hinterlegte Schlüssel ist nur für Anrufe mit einem Zugangstoken da. Noch gibt es keines, also dient er niemandem: erstellen Sie eines mit realtime-relayd token add NAME oder im Fenster.</translation>
    </message>
    <message>
        <source>The held key is for calls with an access token, and for nothing else. Without a store there are no access tokens, so it serves nobody: set STORE_URL.</source>
        <translation>Der hinterlegte Schlüssel ist nur für Anrufe mit einem Zugangstoken da. Ohne Datenbank gibt es keine Zugangstoken, also dient er niemandem: setzen Sie STORE_URL.</translation>
    </message>
    <message>
        <source>it is no number with a point and at most six decimals</source>
        <translation>es ist keine Zahl mit Punkt und höchstens sechs Nachkommastellen</translation>
    </message>
    <message>
        <source>a file has no host: write sqlite:/FOLDER/FILE</source>
        <translation>eine Datei hat keinen Rechner: schreiben Sie sqlite:/ORDNER/DATEI</translation>
    </message>
    <message>
        <source>it names no file</source>
        <translation>sie nennt keine Datei</translation>
    </message>
    <message>
        <source>it names a folder, not a file in one</source>
        <translation>sie nennt einen Ordner, keine Datei darin</translation>
    </message>
    <message>
        <source>it names no database: its name follows the host, behind a slash</source>
        <translation>sie nennt keine Datenbank: deren Name folgt dem Rechner hinter einem Schrägstrich</translation>
    </message>
    <message>
        <source>the password stands before the host, as USER:PASSWORD@</source>
        <translation>das Passwort steht vor dem Rechner, als BENUTZER:PASSWORT@</translation>
    </message>
    <message>
        <source>it holds blanks or other characters that no key has</source>
        <translation>er enthält Leerzeichen oder andere Zeichen, die kein Schlüssel hat</translation>
    </message>
    <message>
        <source>it is too long for a key</source>
        <translation>für einen Schlüssel ist er zu lang</translation>
    </message>
    <message>
        <source>it is an access token of a relay, not a key of the upstream</source>
        <translation>es ist das Zugangstoken eines Relays, kein Schlüssel des Zielservers</translation>
    </message>
    <message>
        <source>it begins neither with sqlite: nor with postgresql://</source>
        <translation>sie beginnt weder mit sqlite: noch mit postgresql://</translation>
    </message>
    <message>
        <source>%1 holds the openaiApiKey and others can read it. Run: chmod 600 %1</source>
        <translation>%1 enthält den openaiApiKey, und andere können die Datei lesen. Führen Sie aus: chmod 600 %1</translation>
    </message>
    <message>
        <source>%1 holds the password of storeUrl and others can read it. Run: chmod 600 %1</source>
        <translation>%1 enthält das Passwort von storeUrl, und andere können die Datei lesen. Führen Sie aus: chmod 600 %1</translation>
    </message>
    <message>
        <source>The file %1 holds the held key and others can read it. Let its owner alone read it (chmod 600).</source>
        <translation>Die Datei %1 enthält den hinterlegten Schlüssel, und andere können sie lesen. Lassen Sie nur ihren Eigentümer lesen (chmod 600).</translation>
    </message>
    <message>
        <source>%1 holds a secret, and on the command line everybody on this machine can read it. Set the environment variable %2 in its place.</source>
        <translation>%1 enthält ein Geheimnis, und auf der Befehlszeile kann es jeder auf diesem Rechner lesen. Setzen Sie stattdessen die Umgebungsvariable %2.</translation>
    </message>
    <message>
        <source>on the command line everybody on this machine would read it. Set the environment variable %1, or %1_FILE to the path of a file with it.</source>
        <translation>auf der Befehlszeile läse ihn jeder auf diesem Rechner. Setzen Sie die Umgebungsvariable %1, oder %1_FILE auf den Pfad einer Datei mit ihm.</translation>
    </message>
    <message>
        <source>%1 and %2 are both set: one of them is the held key. Remove the other.</source>
        <translation>%1 und %2 sind beide gesetzt: eines von ihnen ist der hinterlegte Schlüssel. Entfernen Sie das andere.</translation>
    </message>
    <message>
        <source>a key of the upstream, in visible ASCII and without blanks, or empty</source>
        <translation>ein Schlüssel des Zielservers, in sichtbarem ASCII und ohne Leerzeichen, oder leer</translation>
    </message>
    <message>
        <source>The held key: the upstream is asked with it for those who present an access token, and for nobody else. Without access tokens (STORE_URL) it serves nobody. In the window it is typed on the page Access, and kept in the system&apos;s keychain.</source>
        <translation>Der hinterlegte Schlüssel: mit ihm wird der Zielserver für jene angerufen, die ein Zugangstoken vorweisen, und für niemanden sonst. Ohne Zugangstoken (STORE_URL) dient er niemandem. Im Fenster wird er auf der Seite Zugang eingetragen und im Schlüsselbund des Systems aufbewahrt.</translation>
    </message>
    <message>
        <source>A file with the held key and nothing else, in the place of OPENAI_API_KEY. It is read again when it changes.</source>
        <translation>Eine Datei, in der nur der hinterlegte Schlüssel steht, anstelle von OPENAI_API_KEY. Sie wird neu gelesen, wenn sie sich ändert.</translation>
    </message>
    <message>
        <source>sqlite:FILE, or postgresql://USER:PASSWORD@HOST:PORT/DATABASE, or empty</source>
        <translation>sqlite:DATEI oder postgresql://BENUTZER:PASSWORT@RECHNER:PORT/DATENBANK oder leer</translation>
    </message>
    <message>
        <source>Where access tokens, budgets, costs and the history of calls are kept: in a file, or for several relays in PostgreSQL. Never what is said, and never a key. When empty, nothing is kept, and there are no access tokens. The program with the window has a file by default.</source>
        <translation>Wo Zugangstoken, Budgets, Kosten und der Verlauf der Anrufe aufbewahrt werden: in einer Datei oder, für mehrere Relays, in PostgreSQL. Niemals, was gesagt wird, und niemals ein Schlüssel. Leer heißt: nichts wird aufbewahrt, und es gibt keine Zugangstoken. Das Programm mit dem Fenster hat als Vorgabe eine Datei.</translation>
    </message>
    <message>
        <source>for ever</source>
        <translation>für immer</translation>
    </message>
    <message>
        <source>How many days the history of calls is kept.</source>
        <translation>Wie viele Tage der Verlauf der Anrufe aufbewahrt wird.</translation>
    </message>
    <message>
        <source>0.01 to 1000000 US dollars, with six decimals at the most, or empty for none</source>
        <translation>0.01 bis 1000000 US-Dollar, mit höchstens sechs Nachkommastellen, oder leer für keine Grenze</translation>
    </message>
    <message>
        <source>What all access tokens together may spend in a day of UTC, over all relays that share a store. Then their calls are refused with 429 and ended with 4411.</source>
        <translation>Was alle Zugangstoken zusammen an einem Tag (UTC) ausgeben dürfen, über alle Relays mit gemeinsamer Datenbank. Danach werden ihre Anrufe mit 429 abgewiesen und mit 4411 beendet.</translation>
    </message>
    <message>
        <source>What models cost, as JSON, in the place of the list that is built in. It is read again when it changes.</source>
        <translation>Was Modelle kosten, als JSON, anstelle der eingebauten Liste. Sie wird neu gelesen, wenn sie sich ändert.</translation>
    </message>
    <message>
        <source>0.01 to 10, with six decimals at the most</source>
        <translation>0.01 bis 10, mit höchstens sechs Nachkommastellen</translation>
    </message>
    <message>
        <source>By how much prices are multiplied: 1.1 where OpenAI asks a tenth more for keeping data in a region.</source>
        <translation>Womit Preise multipliziert werden: 1.1, wo OpenAI ein Zehntel mehr dafür verlangt, dass Daten in einer Region bleiben.</translation>
    </message>
    <message>
        <source>The upstream does not accept the relay&apos;s own API key.</source>
        <translation>Der Zielserver nimmt den hinterlegten Schlüssel des Relays nicht an.</translation>
    </message>
    <message>
        <source>Access tokens are used, and the relay holds no key for them.</source>
        <translation>Es wird mit Zugangstoken angerufen, aber im Relay ist kein Schlüssel hinterlegt.</translation>
    </message>
    <message>
        <source>The store cannot be reached: no calls with access tokens are taken.</source>
        <translation>Die Datenbank ist nicht erreichbar: Anrufe mit Zugangstoken werden nicht angenommen.</translation>
    </message>
    <message>
        <source>A budget is spent: no more calls are taken on it.</source>
        <translation>Ein Budget ist ausgegeben: darauf werden keine Anrufe mehr angenommen.</translation>
    </message>
    <message>
        <source>A budget is nearly spent.</source>
        <translation>Ein Budget ist fast ausgegeben.</translation>
    </message>
    <message>
        <source>The relay holds a key, and nobody can be given an access token to use it.</source>
        <translation>Im Relay ist ein Schlüssel hinterlegt, aber niemandem kann ein Zugangstoken dafür gegeben werden.</translation>
    </message>
    <message>
        <source>Access tokens are tried that are not good here.</source>
        <translation>Es werden Zugangstoken versucht, die hier nicht gelten.</translation>
    </message>
    <message>
        <source>The new prices cannot be used; the ones before go on.</source>
        <translation>Die neuen Preise sind nicht brauchbar; die bisherigen gelten weiter.</translation>
    </message>
    <message>
        <source>Rows of the history and of what was spent could not be kept.</source>
        <translation>Zeilen des Verlaufs und der Ausgaben konnten nicht aufbewahrt werden.</translation>
    </message>
    <message>
        <source>The relay does not take this access token; ask its operator for one that is good.</source>
        <translation>Das Relay nimmt dieses Zugangstoken nicht an; bitten Sie seinen Betreiber um ein gültiges.</translation>
    </message>
    <message>
        <source>What may be spent with this access token is spent%1, so the relay ended the call; ask the relay&apos;s operator for more.</source>
        <translation>Was mit diesem Zugangstoken ausgegeben werden darf, ist ausgegeben%1, deshalb hat das Relay den Anruf beendet; bitten Sie den Betreiber des Relays um mehr.</translation>
    </message>
    <message>
        <source>The access token is no longer good%1, so the relay ended the call; ask the relay&apos;s operator for another one.</source>
        <translation>Das Zugangstoken gilt nicht mehr%1, deshalb hat das Relay den Anruf beendet; bitten Sie den Betreiber des Relays um ein anderes.</translation>
    </message>
    <message>
        <source>it is no JSON</source>
        <translation>es ist kein JSON</translation>
    </message>
    <message>
        <source>it has no array &quot;models&quot;</source>
        <translation>es hat keine Liste „models“</translation>
    </message>
    <message>
        <source>its &quot;currency&quot; is not &quot;USD&quot;</source>
        <translation>seine „currency“ ist nicht „USD“</translation>
    </message>
    <message>
        <source>its &quot;checked&quot; is no day such as 2026-11-26</source>
        <translation>sein „checked“ ist kein Tag wie 2026-11-26</translation>
    </message>
    <message>
        <source>it has the model %1 twice</source>
        <translation>es hat das Modell %1 zweimal</translation>
    </message>
    <message>
        <source>the price &quot;%1&quot; of %2 is not a number from 0 to %3 with %4 decimals at the most</source>
        <translation>der Preis „%1“ von %2 ist keine Zahl von 0 bis %3 mit höchstens %4 Nachkommastellen</translation>
    </message>
    <message>
        <source>it has a member &quot;%1&quot;, which such a list does not have</source>
        <translation>es hat ein Element „%1“, das so eine Liste nicht hat</translation>
    </message>
    <message>
        <source>one of its models has no names in &quot;ids&quot;</source>
        <translation>eines seiner Modelle hat keine Namen in „ids“</translation>
    </message>
    <message>
        <source>Of what may be spent today with the access token %1, $%2 of $%3 are spent. Give it more, or wait until midnight (UTC).</source>
        <translation>Vom Tagesbudget des Zugangstokens %1 sind %2 von %3 $ ausgegeben. Geben Sie ihm mehr, oder warten Sie bis Mitternacht (UTC).</translation>
    </message>
    <message>
        <source>Of what may be spent in all with the access token %1, $%2 of $%3 are spent. Give it more, or make a new one.</source>
        <translation>Vom Gesamtbudget des Zugangstokens %1 sind %2 von %3 $ ausgegeben. Geben Sie ihm mehr, oder erstellen Sie ein neues.</translation>
    </message>
    <message>
        <source>Of what may be spent today with all access tokens, $%1 of $%2 are spent. Raise BUDGET_USD_A_DAY, or wait until midnight (UTC).</source>
        <translation>Vom Tagesbudget aller Zugangstoken sind %1 von %2 $ ausgegeben. Erhöhen Sie BUDGET_USD_A_DAY, oder warten Sie bis Mitternacht (UTC).</translation>
    </message>
    <message>
        <source>Check that the database of STORE_URL runs and can be reached; it is tried again by itself.</source>
        <translation>Prüfen Sie, ob die Datenbank von STORE_URL läuft und erreichbar ist; es wird von selbst wieder versucht.</translation>
    </message>
    <message>
        <source>The store took them too slowly, or not at all, and no more of them can wait. Check its disk, or its database.</source>
        <translation>Die Datenbank nahm sie zu langsam oder gar nicht an, und mehr können nicht warten. Prüfen Sie ihren Datenträger oder sie selbst.</translation>
    </message>
    <message>
        <source>%1 holds no key that can be used: %2. It is to hold the key alone, on one line.</source>
        <translation>%1 enthält keinen brauchbaren Schlüssel: %2. Darin soll nur der Schlüssel stehen, in einer Zeile.</translation>
    </message>
    <message>
        <source>%1 is no list of prices: %2. See doc/costs.md.</source>
        <translation>%1 ist keine Preisliste: %2. Siehe doc/costs.md.</translation>
    </message>
    <message>
        <source>Set STORE_URL to have access tokens, or remove OPENAI_API_KEY: clients call with keys of their own as ever.</source>
        <translation>Setzen Sie STORE_URL, um Zugangstoken zu haben, oder entfernen Sie OPENAI_API_KEY: Clients rufen wie immer mit eigenen Schlüsseln an.</translation>
    </message>
    <message>
        <source>Qt&apos;s driver for the database of STORE_URL (%1) is not here. Install it; on Debian and Ubuntu: apt-get install %2</source>
        <translation>Qts Treiber für die Datenbank von STORE_URL (%1) fehlt. Installieren Sie ihn; unter Debian und Ubuntu: apt-get install %2</translation>
    </message>
    <message>
        <source>The store %1 cannot be opened: %2. Check that it is a database of SQLite&apos;s, that you may write to it and to its folder, and that the disk is not full; or name another file as STORE_URL.</source>
        <translation>Die Datenbank %1 kann nicht geöffnet werden: %2. Prüfen Sie, ob es eine SQLite-Datenbank ist, ob Sie sie und ihren Ordner beschreiben dürfen und ob der Datenträger nicht voll ist; oder nennen Sie eine andere Datei als STORE_URL.</translation>
    </message>
    <message>
        <source>The database of %1 is kept in %2, which has no room for every letter. Make one with ENCODING &apos;UTF8&apos;.</source>
        <translation>Die Datenbank von %1 benutzt %2, worin nicht jeder Buchstabe Platz hat. Legen Sie eine mit ENCODING &apos;UTF8&apos; an.</translation>
    </message>
    <message>
        <source>The store %1 cannot be used just now: %2. Check that PostgreSQL runs there, and that user, password and database are right.</source>
        <translation>Die Datenbank %1 ist gerade nicht zu benutzen: %2. Prüfen Sie, ob PostgreSQL dort läuft und ob Benutzer, Passwort und Datenbank stimmen.</translation>
    </message>
    <message>
        <source>The store %1 cannot be used just now: %2. Check that the file is there, that you may write to it, and that the disk is not full.</source>
        <translation>Die Datenbank %1 ist gerade nicht zu benutzen: %2. Prüfen Sie, ob die Datei da ist, ob Sie sie beschreiben dürfen und ob der Datenträger nicht voll ist.</translation>
    </message>
    <message>
        <source>The store %1 cannot be opened: %2. Check that the folder exists, that you may write to it and that the disk is not full; or name another file as STORE_URL.</source>
        <translation>Die Datenbank %1 kann nicht geöffnet werden: %2. Prüfen Sie, ob es den Ordner gibt, ob Sie ihn beschreiben dürfen und ob der Datenträger nicht voll ist; oder nennen Sie eine andere Datei als STORE_URL.</translation>
    </message>
    <message>
        <source>%1 could not be written: %2. Check that you may write there and that the disk is not full.</source>
        <translation>%1 konnte nicht geschrieben werden: %2. Prüfen Sie, ob Sie dort schreiben dürfen und der Datenträger nicht voll ist.</translation>
    </message>
    <message>
        <source>%1 was not written, for the program ends.</source>
        <translation>%1 wurde nicht geschrieben, denn das Programm endet.</translation>
    </message>
    <message>
        <source>The store %1 was made by a newer version of this program, which this one would damage. Install that version, or name another store as STORE_URL.</source>
        <translation>Die Datenbank %1 wurde von einer neueren Version dieses Programms angelegt; diese hier würde sie beschädigen. Installieren Sie jene, oder nennen Sie eine andere Datenbank als STORE_URL.</translation>
    </message>
    <message>
        <source>The store %1 does not answer. Check that its database runs, and that the disk under it is well.</source>
        <translation>Die Datenbank %1 antwortet nicht. Prüfen Sie, ob sie läuft und ob mit ihrem Datenträger alles in Ordnung ist.</translation>
    </message>
    <message>
        <source>The store is being opened. Try again in a moment.</source>
        <translation>Die Datenbank wird gerade geöffnet. Versuchen Sie es gleich noch einmal.</translation>
    </message>
    <message>
        <source>Write sqlite:FILE or postgresql://USER:PASSWORD@HOST:PORT/NAME as STORE_URL.</source>
        <translation>Schreiben Sie sqlite:DATEI oder postgresql://BENUTZER:PASSWORT@RECHNER:PORT/NAME als STORE_URL.</translation>
    </message>
    <message>
        <source>STORE_URL has a port that is none: %1.</source>
        <translation>STORE_URL hat einen Port, der keiner ist: %1.</translation>
    </message>
    <message>
        <source>STORE_URL has an sslmode that PostgreSQL does not know: %1. It knows disable, allow, prefer, require, verify-ca and verify-full.</source>
        <translation>STORE_URL hat einen sslmode, den PostgreSQL nicht kennt: %1. Es kennt disable, allow, prefer, require, verify-ca und verify-full.</translation>
    </message>
    <message>
        <source>In STORE_URL the name of the sslrootcert has a semicolon.</source>
        <translation>In STORE_URL hat der Name von sslrootcert ein Semikolon.</translation>
    </message>
    <message>
        <source>STORE_URL has an option that is not known: %1. There are sslmode and sslrootcert.</source>
        <translation>STORE_URL hat eine unbekannte Option: %1. Es gibt sslmode und sslrootcert.</translation>
    </message>
    <message>
        <source>STORE_URL does not say which database of the server.</source>
        <translation>STORE_URL sagt nicht, welche Datenbank des Servers.</translation>
    </message>
    <message>
        <source>STORE_URL does not name the file of SQLite&apos;s database.</source>
        <translation>STORE_URL nennt nicht die Datei der SQLite-Datenbank.</translation>
    </message>
    <message>
        <source>STORE_URL names no database that can be a store.</source>
        <translation>STORE_URL nennt keine Datenbank, die hier benutzt werden kann.</translation>
    </message>
    <message>
        <source>The origin %1 of an access token cannot be: %2.</source>
        <translation>Der Ursprung %1 eines Zugangstokens geht nicht: %2.</translation>
    </message>
    <message>
        <source>The model %1 of an access token cannot be: a name of at most 200 characters is needed, without a blank or a comma.</source>
        <translation>Das Modell %1 eines Zugangstokens geht nicht: nötig ist ein Name von höchstens 200 Zeichen, ohne Leerzeichen und Komma.</translation>
    </message>
    <message>
        <source>An access token has at most %1 origins and as many models.</source>
        <translation>Ein Zugangstoken hat höchstens %1 Ursprünge und ebenso viele Modelle.</translation>
    </message>
    <message>
        <source>The name of an access token has 1 to 64 characters, all of which can be printed.</source>
        <translation>Der Name eines Zugangstokens hat 1 bis 64 druckbare Zeichen.</translation>
    </message>
    <message>
        <source>%1 calls at once cannot be: a number from 0, which is no limit, to %2 is needed.</source>
        <translation>%1 Anrufe zugleich gehen nicht: nötig ist eine Zahl von 0, das heißt keine Grenze, bis %2.</translation>
    </message>
    <message>
        <source>%1 minutes a call cannot be: a number from 0, which is no limit, to %2 is needed.</source>
        <translation>%1 Minuten je Anruf gehen nicht: nötig ist eine Zahl von 0, das heißt keine Grenze, bis %2.</translation>
    </message>
    <message>
        <source>A budget of %1 US dollars cannot be: an amount from 0, which is no limit, to a million is needed.</source>
        <translation>Ein Budget von %1 US-Dollar geht nicht: nötig ist ein Betrag von 0, das heißt keine Grenze, bis eine Million.</translation>
    </message>
    <message>
        <source>The access token would be expired at once: say a later time, or none at all.</source>
        <translation>Das Zugangstoken wäre sofort abgelaufen: nennen Sie eine spätere Zeit oder gar keine.</translation>
    </message>
    <message>
        <source>There is no access token with the name %1 in the store %2. See which there are, and name one of them.</source>
        <translation>In der Datenbank %2 gibt es kein Zugangstoken mit dem Namen %1. Sehen Sie nach, welche es gibt, und nennen Sie eines davon.</translation>
    </message>
    <message>
        <source>There is no such access token in the store. See which there are, and name one of them.</source>
        <translation>Ein solches Zugangstoken gibt es in der Datenbank nicht. Sehen Sie nach, welche es gibt, und nennen Sie eines davon.</translation>
    </message>
    <message>
        <source>There is an access token with the name %1 already. Choose another, or revoke that one first.</source>
        <translation>Ein Zugangstoken mit dem Namen %1 gibt es schon. Wählen Sie einen anderen, oder widerrufen Sie zuerst jenes.</translation>
    </message>
    <message>
        <source>The access token %1 is revoked, for ever. Make a new one, which may have the same name.</source>
        <translation>Das Zugangstoken %1 ist für immer widerrufen. Erstellen Sie ein neues; es darf denselben Namen haben.</translation>
    </message>
    <message>
        <source>What may be spent today with this access token is spent. It is good again after midnight (UTC); or ask the relay&apos;s operator for more.</source>
        <translation>Was heute mit diesem Zugangstoken ausgegeben werden darf, ist ausgegeben. Nach Mitternacht (UTC) gilt es wieder; oder bitten Sie den Betreiber des Relays um mehr.</translation>
    </message>
    <message>
        <source>What may be spent with this access token is spent. Ask the relay&apos;s operator for more.</source>
        <translation>Was mit diesem Zugangstoken ausgegeben werden darf, ist ausgegeben. Bitten Sie den Betreiber des Relays um mehr.</translation>
    </message>
    <message>
        <source>What may be spent today at this relay is spent. Try again after midnight (UTC), or ask its operator for more.</source>
        <translation>Was heute an diesem Relay ausgegeben werden darf, ist ausgegeben. Versuchen Sie es nach Mitternacht (UTC) wieder, oder bitten Sie seinen Betreiber um mehr.</translation>
    </message>
    <message>
        <source>%1 calls are under way with this access token, as many as it allows. End one first.</source>
        <translation>Mit diesem Zugangstoken laufen %1 Anrufe, so viele es erlaubt. Beenden Sie zuerst einen.</translation>
    </message>
    <message>
        <source>The relay cannot look up just now what may be spent with this access token. Try again in a moment.</source>
        <translation>Das Relay kann gerade nicht nachsehen, was mit diesem Zugangstoken ausgegeben werden darf. Versuchen Sie es gleich noch einmal.</translation>
    </message>
    <message>
        <source>as far as the relay knows, which cannot look it up just now</source>
        <translation>soweit das Relay weiß, das gerade nicht nachsehen kann</translation>
    </message>
    <message>
        <source>for today, with all access tokens of this relay</source>
        <translation>für heute, mit allen Zugangstoken dieses Relays</translation>
    </message>
    <message>
        <source>for today</source>
        <translation>für heute</translation>
    </message>
    <message>
        <source>it was revoked</source>
        <translation>es wurde widerrufen</translation>
    </message>
    <message>
        <source>it has expired</source>
        <translation>es ist abgelaufen</translation>
    </message>
    <message>
        <source>it is not good for the model of this session</source>
        <translation>es gilt nicht für das Modell dieser Sitzung</translation>
    </message>
    <message>
        <source>it is not good for another model that this session uses</source>
        <translation>es gilt nicht für ein anderes Modell, das diese Sitzung benutzt</translation>
    </message>
    <message>
        <source>for no price is known for a model that it has used</source>
        <translation>denn für ein Modell, das er benutzt hat, ist kein Preis bekannt</translation>
    </message>
    <message>
        <source>Calls with access tokens fail. Check OPENAI_API_KEY, or OPENAI_API_KEY_FILE, and whether that key was revoked.</source>
        <translation>Anrufe mit Zugangstoken scheitern. Prüfen Sie OPENAI_API_KEY oder OPENAI_API_KEY_FILE und ob dieser Schlüssel widerrufen wurde.</translation>
    </message>
    <message>
        <source>%1 has come with an access token that is not known here, was revoked or has expired. If it should be let in, make a new token for it.</source>
        <translation>%1 kam mit einem Zugangstoken, das hier unbekannt, widerrufen oder abgelaufen ist. Soll eingelassen werden, wer es war, erstellen Sie ein neues Token.</translation>
    </message>
    <message>
        <source>Set OPENAI_API_KEY or OPENAI_API_KEY_FILE: until then calls with access tokens are refused.</source>
        <translation>Setzen Sie OPENAI_API_KEY oder OPENAI_API_KEY_FILE: bis dahin werden Anrufe mit Zugangstoken abgewiesen.</translation>
    </message>
    <message>
        <source>The call reached the time limit%1 of its access token; open a new one, or ask the relay&apos;s operator for longer calls.</source>
        <translation>Der Anruf hat die Zeitgrenze%1 seines Zugangstokens erreicht; beginnen Sie einen neuen, oder bitten Sie den Betreiber des Relays um längere Anrufe.</translation>
    </message>
    <message>
        <source>This access token is good, but the relay holds no API key to call with. Have its operator set OPENAI_API_KEY.</source>
        <translation>Dieses Zugangstoken gilt, aber im Relay ist kein API-Schlüssel hinterlegt, mit dem angerufen werden könnte. Lassen Sie seinen Betreiber OPENAI_API_KEY setzen.</translation>
    </message>
    <message>
        <source>This access token is not known here, was revoked or has expired. Ask whoever gave it to you for another one.</source>
        <translation>Dieses Zugangstoken ist hier unbekannt, widerrufen oder abgelaufen. Bitten Sie, wer es Ihnen gab, um ein anderes.</translation>
    </message>
    <message>
        <source>Pages of this origin may not use this access token. Ask the relay&apos;s operator to add it to the token&apos;s origins.</source>
        <translation>Seiten dieses Ursprungs dürfen dieses Zugangstoken nicht benutzen. Bitten Sie den Betreiber des Relays, ihn bei den Ursprüngen des Tokens zu ergänzen.</translation>
    </message>
    <message>
        <source>With an access token nobody joins, watches or goes on with a session that was begun elsewhere. Open a call of your own.</source>
        <translation>Mit einem Zugangstoken kann niemand einer anderswo begonnenen Sitzung beitreten, sie beobachten oder fortsetzen. Beginnen Sie einen eigenen Anruf.</translation>
    </message>
    <message>
        <source>This access token is good for some models only, so the request has to name one: %1.</source>
        <translation>Dieses Zugangstoken gilt nur für einige Modelle, deshalb muss die Anfrage eines nennen: %1.</translation>
    </message>
    <message>
        <source>This access token is not good for the model %1, but for these: %2.</source>
        <translation>Dieses Zugangstoken gilt nicht für das Modell %1, sondern für diese: %2.</translation>
    </message>
    <message>
        <source>What may be spent with this access token is limited, and no price is known for the model %1. Use another one, or have the relay&apos;s operator add its price.</source>
        <translation>Was mit diesem Zugangstoken ausgegeben werden darf, ist begrenzt, und für das Modell %1 ist kein Preis bekannt. Benutzen Sie ein anderes, oder lassen Sie den Betreiber des Relays den Preis ergänzen.</translation>
    </message>
    <message>
        <source>The body of this request is no object in JSON.</source>
        <translation>Der Inhalt dieser Anfrage ist kein JSON-Objekt.</translation>
    </message>
    <message>
        <source>An access token opens calls and makes client secrets. For this the relay passes on a key of the upstream&apos;s only.</source>
        <translation>Ein Zugangstoken eröffnet Anrufe und holt kurzlebige Schlüssel. Hierfür reicht das Relay nur einen Schlüssel des Zielservers weiter.</translation>
    </message>
    <message>
        <source>The upstream refused it at %1 (HTTP 401).</source>
        <translation>Der Zielserver hat ihn um %1 abgelehnt (HTTP 401).</translation>
    </message>
    <message>
        <source>what the upstream says of its session is too much to be read</source>
        <translation>was der Zielserver über seine Sitzung sagt, ist zu viel zum Lesen</translation>
    </message>
    <message>
        <source>The upstream has told what was used.</source>
        <translation>Der Zielserver hat gesagt, was verbraucht wurde.</translation>
    </message>
    <message>
        <source>The upstream has not told what was used.</source>
        <translation>Der Zielserver hat nicht gesagt, was verbraucht wurde.</translation>
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
    <message>
        <source>&lt; %1</source>
        <translation>&lt; %1</translation>
    </message>
    <message>
        <source>unknown</source>
        <comment>cost</comment>
        <translation>unbekannt</translation>
    </message>
    <message>
        <source>at least %1</source>
        <translation>mindestens %1</translation>
    </message>
    <message>
        <source>text %1</source>
        <translation>Text %1</translation>
    </message>
    <message>
        <source>audio %1</source>
        <translation>Audio %1</translation>
    </message>
    <message>
        <source>images %1</source>
        <translation>Bilder %1</translation>
    </message>
    <message>
        <source>of these %1 cached</source>
        <translation>davon %1 aus dem Cache</translation>
    </message>
</context>
<context>
    <name>History</name>
    <message>
        <source>Live, or cut off with its relay</source>
        <translation>Läuft, oder mit seinem Relay abgebrochen</translation>
    </message>
    <message>
        <source>Closed by the client</source>
        <translation>Vom Client beendet</translation>
    </message>
    <message>
        <source>Connection of the client lost</source>
        <translation>Verbindung des Clients verloren</translation>
    </message>
    <message>
        <source>The client did not answer any more</source>
        <translation>Der Client antwortete nicht mehr</translation>
    </message>
    <message>
        <source>Closed by the upstream</source>
        <translation>Vom Zielserver beendet</translation>
    </message>
    <message>
        <source>Connection to the upstream lost</source>
        <translation>Verbindung zum Zielserver verloren</translation>
    </message>
    <message>
        <source>The upstream did not answer any more</source>
        <translation>Der Zielserver antwortete nicht mehr</translation>
    </message>
    <message>
        <source>Refused by the upstream</source>
        <translation>Vom Zielserver abgelehnt</translation>
    </message>
    <message>
        <source>Upstream not reached</source>
        <translation>Zielserver nicht erreicht</translation>
    </message>
    <message>
        <source>No key sent</source>
        <translation>Kein Schlüssel gesendet</translation>
    </message>
    <message>
        <source>Nothing was said for too long</source>
        <translation>Zu lange wurde nichts gesagt</translation>
    </message>
    <message>
        <source>The longest time of a call was over</source>
        <translation>Die längste Dauer eines Anrufs war um</translation>
    </message>
    <message>
        <source>Message of the client too large</source>
        <translation>Nachricht des Clients zu groß</translation>
    </message>
    <message>
        <source>Message of the upstream too large</source>
        <translation>Nachricht des Zielservers zu groß</translation>
    </message>
    <message>
        <source>Client too slow</source>
        <translation>Client zu langsam</translation>
    </message>
    <message>
        <source>Upstream too slow</source>
        <translation>Zielserver zu langsam</translation>
    </message>
    <message>
        <source>The client broke the protocol</source>
        <translation>Der Client verletzte das Protokoll</translation>
    </message>
    <message>
        <source>The upstream broke the protocol</source>
        <translation>Der Zielserver verletzte das Protokoll</translation>
    </message>
    <message>
        <source>The relay was stopped</source>
        <translation>Das Relay wurde angehalten</translation>
    </message>
    <message>
        <source>Closed by the operator</source>
        <translation>Vom Betreiber beendet</translation>
    </message>
    <message>
        <source>A budget was spent</source>
        <translation>Ein Budget war ausgegeben</translation>
    </message>
    <message>
        <source>Access token revoked or expired</source>
        <translation>Zugangstoken widerrufen oder abgelaufen</translation>
    </message>
    <message>
        <source>Access token not accepted</source>
        <translation>Zugangstoken nicht angenommen</translation>
    </message>
</context>
<context>
    <name>NetworkAddress</name>
    <message>
        <source>Ethernet</source>
        <translation>Ethernet</translation>
    </message>
    <message>
        <source>Wi-Fi</source>
        <translation>WLAN</translation>
    </message>
    <message>
        <source>VPN (%1)</source>
        <translation>VPN (%1)</translation>
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
        <source>A page was turned away</source>
        <translation>Eine Seite wurde abgewiesen</translation>
    </message>
    <message>
        <source>%1 wanted to come in. If it shall use the relay, click here and allow it.</source>
        <translation>%1 wollte herein. Soll die Seite das Relay benutzen, klicken Sie hier und erlauben Sie sie.</translation>
    </message>
    <message>
        <source>%1 came with the link. If it shall call through it, click here and allow it.</source>
        <translation>%1 kam mit dem Link. Soll diese Seite darüber anrufen, klicken Sie hier und erlauben Sie sie.</translation>
    </message>
    <message>
        <source>Access tokens: %1</source>
        <translation>Zugangstoken: %1</translation>
    </message>
</context>
<context>
    <name>ShareNoticeText</name>
    <message>
        <source>The relay is shared</source>
        <translation>Das Relay ist freigegeben</translation>
    </message>
    <message>
        <source>It can be reached from outside at %1. %2</source>
        <translation>Es ist von außen unter %1 zu erreichen. %2</translation>
    </message>
    <message>
        <source>The shared address is another now</source>
        <translation>Die freigegebene Adresse ist jetzt eine andere</translation>
    </message>
    <message>
        <source>Links that you have given out open nothing any more. Give out the new one, at %1.</source>
        <translation>Links, die Sie weitergegeben haben, öffnen nichts mehr. Geben Sie den neuen weiter, unter %1.</translation>
    </message>
    <message>
        <source>The relay is not shared yet</source>
        <translation>Das Relay ist noch nicht freigegeben</translation>
    </message>
    <message>
        <source>The shared address does not work now</source>
        <translation>Die freigegebene Adresse funktioniert gerade nicht</translation>
    </message>
    <message>
        <source>Sharing needs you</source>
        <translation>Die Freigabe braucht Sie</translation>
    </message>
    <message>
        <source>Sharing has ended</source>
        <translation>Die Freigabe ist beendet</translation>
    </message>
    <message>
        <source>Somebody came in from outside</source>
        <translation>Jemand kam von außen herein</translation>
    </message>
    <message>
        <source>Somebody has opened the link</source>
        <translation>Jemand hat den Link geöffnet</translation>
    </message>
</context>
<context>
    <name>ShareQuestion</name>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Stop sharing?</source>
        <translation>Freigabe beenden?</translation>
    </message>
    <message numerus="yes">
        <source>%n call(s) came in by it and end at once.</source>
        <translation>
            <numerusform>%n Anruf kam darüber herein und endet sofort.</numerusform>
            <numerusform>%n Anrufe kamen darüber herein und enden sofort.</numerusform>
        </translation>
    </message>
    <message>
        <source>Stop sharing</source>
        <translation>Freigabe beenden</translation>
    </message>
    <message>
        <source>Make a new link?</source>
        <translation>Neuen Link erzeugen?</translation>
    </message>
    <message>
        <source>The link that you have given out opens nothing any more. Live calls go on.</source>
        <translation>Der Link, den Sie weitergegeben haben, öffnet dann nichts mehr. Laufende Anrufe gehen weiter.</translation>
    </message>
    <message>
        <source>New link</source>
        <translation>Neuer Link</translation>
    </message>
    <message>
        <source>It cannot be shared.</source>
        <translation>Das Relay kann nicht freigegeben werden.</translation>
    </message>
</context>
<context>
    <name>ShareText</name>
    <message>
        <source>Reachable from outside</source>
        <translation>Von außen erreichbar</translation>
    </message>
    <message>
        <source>%1 ms</source>
        <translation>%1 ms</translation>
    </message>
    <message>
        <source>checked %1</source>
        <translation>geprüft um %1</translation>
    </message>
    <message>
        <source>Not shared</source>
        <translation>Nicht freigegeben</translation>
    </message>
    <message>
        <source>Sharing has ended: %1</source>
        <translation>Die Freigabe ist beendet: %1</translation>
    </message>
    <message>
        <source>Starting</source>
        <translation>Startet</translation>
    </message>
    <message>
        <source>Waiting for the tunnel to say that it stands.</source>
        <translation>Es wird gewartet, bis der Tunnel meldet, dass er steht.</translation>
    </message>
    <message>
        <source>The address is known; waiting until the way to it stands.</source>
        <translation>Die Adresse ist bekannt; es wird gewartet, bis der Weg zu ihr steht.</translation>
    </message>
    <message>
        <source>Testing</source>
        <translation>Wird geprüft</translation>
    </message>
    <message>
        <source>Going out to the public address and back in, as others will.</source>
        <translation>Es geht hinaus zur öffentlichen Adresse und wieder herein, wie bei anderen auch.</translation>
    </message>
    <message>
        <source>Shared</source>
        <translation>Freigegeben</translation>
    </message>
    <message>
        <source>Test again</source>
        <translation>Erneut prüfen</translation>
    </message>
    <message>
        <source>Broken</source>
        <translation>Gestört</translation>
    </message>
    <message numerus="yes">
        <source>Broken · again in %n s</source>
        <translation>
            <numerusform>Gestört · erneut in %n s</numerusform>
            <numerusform>Gestört · erneut in %n s</numerusform>
        </translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Erneut versuchen</translation>
    </message>
    <message>
        <source>Needs you</source>
        <translation>Braucht Sie</translation>
    </message>
    <message>
        <source>Stopping</source>
        <translation>Wird beendet</translation>
    </message>
    <message>
        <source>Nobody comes in any more; waiting for the tunnel to end.</source>
        <translation>Niemand kommt mehr herein; es wird gewartet, bis der Tunnel endet.</translation>
    </message>
    <message>
        <source>Ends at %1, in %2.</source>
        <translation>Ende: %1, in %2.</translation>
    </message>
    <message>
        <source>A browser</source>
        <translation>Ein Browser</translation>
    </message>
    <message>
        <source>A program</source>
        <translation>Ein Programm</translation>
    </message>
    <message>
        <source>Seen from outside: %1</source>
        <translation>Besuch von außen: %1</translation>
    </message>
    <message>
        <source>Somebody has opened the link; whether from outside is not known. (%1)</source>
        <translation>Jemand hat den Link geöffnet; ob von außen, ist nicht bekannt. (%1)</translation>
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
    <message>
        <source>Stop relay</source>
        <translation>Relay anhalten</translation>
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
    <message>
        <source>just now</source>
        <translation>gerade eben</translation>
    </message>
    <message numerus="yes">
        <source>%n minute(s) ago</source>
        <translation>
            <numerusform>vor %n Minute</numerusform>
            <numerusform>vor %n Minuten</numerusform>
        </translation>
    </message>
    <message>
        <source>once, %1</source>
        <translation>einmal, %1</translation>
    </message>
    <message>
        <source>%1 times, the last %2</source>
        <translation>%1-mal, zuletzt %2</translation>
    </message>
    <message>
        <source>A page of %1 was turned away (%2).</source>
        <translation>Eine Seite von %1 wurde abgewiesen (%2).</translation>
    </message>
    <message>
        <source>A page without an origin was turned away (%1).</source>
        <translation>Eine Seite ohne Ursprung wurde abgewiesen (%1).</translation>
    </message>
    <message>
        <source>It was opened from a file, or stands in a sandbox, and cannot be told from any other. Serve it, for example from http://localhost.</source>
        <translation>Sie wurde aus einer Datei geöffnet oder steht in einer Sandbox und ist von keiner anderen zu unterscheiden. Stellen Sie sie über einen Server bereit, zum Beispiel unter http://localhost.</translation>
    </message>
    <message>
        <source>What it sent is not an origin, and cannot be allowed by itself.</source>
        <translation>Was sie gesendet hat, ist kein Ursprung und kann nicht für sich erlaubt werden.</translation>
    </message>
    <message>
        <source>If it shall use the relay, add its origin to the allowed ones: they are fixed by the environment or the command line.</source>
        <translation>Soll sie das Relay benutzen, nehmen Sie ihren Ursprung in die erlaubten auf: Sie sind durch die Umgebung oder die Befehlszeile festgelegt.</translation>
    </message>
    <message>
        <source>If it shall use the relay, allow its origin. Calls go on meanwhile.</source>
        <translation>Soll sie das Relay benutzen, erlauben Sie ihren Ursprung. Anrufe gehen dabei weiter.</translation>
    </message>
    <message>
        <source>Client: %1 (%2).</source>
        <translation>Client: %1 (%2).</translation>
    </message>
    <message numerus="yes">
        <source>Client: %1 (%2), and %n other(s).</source>
        <translation>
            <numerusform>Client: %1 (%2) und %n anderer.</numerusform>
            <numerusform>Client: %1 (%2) und %n andere.</numerusform>
        </translation>
    </message>
    <message>
        <source>the upstream</source>
        <translation>der Zielserver</translation>
    </message>
    <message>
        <source>The relay is on, but cannot reach %1.</source>
        <translation>Das Relay ist an, aber %1 ist nicht zu erreichen.</translation>
    </message>
    <message>
        <source>Cannot reach %1</source>
        <translation>%1 ist nicht zu erreichen</translation>
    </message>
    <message>
        <source>The relay is on, but %1 refuses calls.</source>
        <translation>Das Relay ist an, aber %1 lehnt Anrufe ab.</translation>
    </message>
    <message>
        <source>%1 refuses calls</source>
        <translation>%1 lehnt Anrufe ab</translation>
    </message>
    <message>
        <source>The relay is on, but calls do not work.</source>
        <translation>Das Relay ist an, aber Anrufe funktionieren nicht.</translation>
    </message>
    <message>
        <source>The relay is on; whether it reaches %1 is not checked yet.</source>
        <translation>Das Relay ist an; ob %1 zu erreichen ist, ist noch nicht geprüft.</translation>
    </message>
    <message>
        <source>On, not checked yet</source>
        <translation>An, noch nicht geprüft</translation>
    </message>
    <message numerus="yes">
        <source>The relay works, with %n call(s), but something needs attention.</source>
        <translation>
            <numerusform>Das Relay funktioniert, mit %n Anruf, aber etwas braucht Aufmerksamkeit.</numerusform>
            <numerusform>Das Relay funktioniert, mit %n Anrufen, aber etwas braucht Aufmerksamkeit.</numerusform>
        </translation>
    </message>
    <message>
        <source>The relay works, but something needs attention.</source>
        <translation>Das Relay funktioniert, aber etwas braucht Aufmerksamkeit.</translation>
    </message>
    <message numerus="yes">
        <source>The relay works, with %n call(s).</source>
        <translation>
            <numerusform>Das Relay funktioniert, mit %n Anruf.</numerusform>
            <numerusform>Das Relay funktioniert, mit %n Anrufen.</numerusform>
        </translation>
    </message>
    <message>
        <source>The relay works and waits for calls.</source>
        <translation>Das Relay funktioniert und wartet auf Anrufe.</translation>
    </message>
    <message numerus="yes">
        <source>Works, %n call(s)</source>
        <translation>
            <numerusform>Funktioniert, %n Anruf</numerusform>
            <numerusform>Funktioniert, %n Anrufe</numerusform>
        </translation>
    </message>
    <message>
        <source>Works, no calls</source>
        <translation>Funktioniert, keine Anrufe</translation>
    </message>
    <message numerus="yes">
        <source>%1 (%n call(s))</source>
        <translation>
            <numerusform>%1 (%n Anruf)</numerusform>
            <numerusform>%1 (%n Anrufe)</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The relay is stopping: %n call(s) may still finish; in %1 it cuts them off.</source>
        <translation>
            <numerusform>Das Relay hält an: %n Anruf darf noch zu Ende gehen; in %1 bricht es ihn ab.</numerusform>
            <numerusform>Das Relay hält an: %n Anrufe dürfen noch zu Ende gehen; in %1 bricht es sie ab.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The relay is stopping: %n call(s) are being ended.</source>
        <translation>
            <numerusform>Das Relay hält an: %n Anruf wird beendet.</numerusform>
            <numerusform>Das Relay hält an: %n Anrufe werden beendet.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Stopping, %n call(s) left (%1)</source>
        <translation>
            <numerusform>Hält an, noch %n Anruf (%1)</numerusform>
            <numerusform>Hält an, noch %n Anrufe (%1)</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 · shared</source>
        <translation>%1 · freigegeben</translation>
    </message>
    <message>
        <source>Shared at %1</source>
        <translation>Freigegeben unter %1</translation>
    </message>
    <message>
        <source>A page of %1 came with the link and was turned away (%2).</source>
        <translation>Eine Seite von %1 kam mit dem Link und wurde abgewiesen (%2).</translation>
    </message>
    <message>
        <source>If it shall call through the link, allow its origin there. Calls go on meanwhile.</source>
        <translation>Soll sie über den Link anrufen, erlauben Sie dort ihren Ursprung. Anrufe gehen unterdessen weiter.</translation>
    </message>
    <message>
        <source>Access tokens: %1</source>
        <translation>Zugangstoken: %1</translation>
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
    <message>
        <source>It contains the QR Code generator of Project Nayuki under the MIT licence (&lt;a href=&quot;https://www.nayuki.io/page/qr-code-generator-library&quot;&gt;home page&lt;/a&gt;).</source>
        <translation>Es enthält den QR-Code-Generator von Project Nayuki unter der MIT-Lizenz (&lt;a href=&quot;https://www.nayuki.io/page/qr-code-generator-library&quot;&gt;Website&lt;/a&gt;).</translation>
    </message>
</context>
<context>
    <name>rr::AccessModel</name>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>Calls now</source>
        <translation>Anrufe jetzt</translation>
    </message>
    <message>
        <source>Spent today (a day of UTC), of what may be</source>
        <translation>Heute ausgegeben (Tag in UTC), vom Budget</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>Heute</translation>
    </message>
    <message>
        <source>Spent in all, of what may be</source>
        <translation>Insgesamt ausgegeben, vom Budget</translation>
    </message>
    <message>
        <source>In all</source>
        <translation>Insgesamt</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>Modelle</translation>
    </message>
    <message>
        <source>Origins</source>
        <translation>Ursprünge</translation>
    </message>
    <message>
        <source>Limits</source>
        <translation>Grenzen</translation>
    </message>
</context>
<context>
    <name>rr::AccessPage</name>
    <message>
        <source>Change the budget</source>
        <translation>Budget ändern</translation>
    </message>
    <message>
        <source>Of all access tokens together; in the settings</source>
        <translation>Aller Zugangstoken zusammen; in den Einstellungen</translation>
    </message>
    <message>
        <source>&amp;Show revoked ones</source>
        <translation>&amp;Widerrufene zeigen</translation>
    </message>
    <message>
        <source>&amp;New…</source>
        <translation>&amp;Neu …</translation>
    </message>
    <message>
        <source>Make an access token to be given to somebody</source>
        <translation>Ein Zugangstoken erstellen, das jemandem gegeben wird</translation>
    </message>
    <message>
        <source>&amp;Edit…</source>
        <translation>&amp;Bearbeiten …</translation>
    </message>
    <message>
        <source>Change what the selected token allows</source>
        <translation>Ändern, was das gewählte Token erlaubt</translation>
    </message>
    <message>
        <source>&amp;Revoke…</source>
        <translation>Wide&amp;rrufen …</translation>
    </message>
    <message>
        <source>The selected token is of no use any more, and its calls end</source>
        <translation>Das gewählte Token gilt nicht mehr, und seine Anrufe enden</translation>
    </message>
    <message>
        <source>There are no access tokens. Make one for each person or place that is to call at your expense.</source>
        <translation>Es gibt keine Zugangstoken. Erstellen Sie eines für jeden Menschen oder Ort, der auf Ihre Kosten anrufen soll.</translation>
    </message>
    <message>
        <source>There are no access tokens yet.</source>
        <translation>Noch gibt es keine Zugangstoken.</translation>
    </message>
    <message>
        <source>&amp;Show revoked ones (%1)</source>
        <translation>&amp;Widerrufene zeigen (%1)</translation>
    </message>
    <message>
        <source>Budget of the relay: today %1 are spent with access tokens (a day of UTC).</source>
        <translation>Budget des Relays: heute sind mit Zugangstoken %1 ausgegeben (Tag in UTC).</translation>
    </message>
    <message>
        <source>The relay has no budget of its own: what all access tokens may spend together is not limited.</source>
        <translation>Das Relay selbst hat kein Budget: was alle Zugangstoken zusammen ausgeben dürfen, ist nicht begrenzt.</translation>
    </message>
    <message>
        <source>Revoke access token</source>
        <translation>Zugangstoken widerrufen</translation>
    </message>
    <message>
        <source>Revoke the access token &quot;%1&quot;?</source>
        <translation>Das Zugangstoken „%1“ widerrufen?</translation>
    </message>
    <message numerus="yes">
        <source>%n call(s) with it end within a second.</source>
        <translation>
            <numerusform>%n Anruf damit endet innerhalb einer Sekunde.</numerusform>
            <numerusform>%n Anrufe damit enden innerhalb einer Sekunde.</numerusform>
        </translation>
    </message>
    <message>
        <source>No call with it is live at this relay.</source>
        <translation>An diesem Relay läuft kein Anruf damit.</translation>
    </message>
    <message>
        <source>Nobody can call with it any more, and it cannot be made good again.</source>
        <translation>Niemand kann mehr damit anrufen, und es lässt sich nicht wieder gültig machen.</translation>
    </message>
    <message>
        <source>Revoke it</source>
        <translation>Widerrufen</translation>
    </message>
    <message>
        <source>&amp;Copy</source>
        <translation>&amp;Kopieren</translation>
    </message>
</context>
<context>
    <name>rr::AccessTable</name>
    <message>
        <source>Access tokens</source>
        <translation>Zugangstoken</translation>
    </message>
</context>
<context>
    <name>rr::AddressPanel</name>
    <message>
        <source>This machine</source>
        <translation>Dieser Rechner</translation>
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
    <message>
        <source>Internet (%1)</source>
        <translation>Internet (%1)</translation>
    </message>
    <message>
        <source>Addresses of containers and virtual machines: %1</source>
        <translation>Adressen von Containern und virtuellen Maschinen: %1</translation>
    </message>
    <message>
        <source>Only what runs on this machine reaches the relay by them</source>
        <translation>Nur was auf diesem Rechner läuft, erreicht das Relay über sie</translation>
    </message>
    <message>
        <source>Certificate…</source>
        <translation>Zertifikat …</translation>
    </message>
    <message>
        <source>Shows it in the settings</source>
        <translation>Zeigt es in den Einstellungen</translation>
    </message>
    <message>
        <source>Copy as JavaScript</source>
        <translation>Als JavaScript kopieren</translation>
    </message>
    <message>
        <source>Copy as Python</source>
        <translation>Als Python kopieren</translation>
    </message>
    <message>
        <source>Copy as curl command</source>
        <translation>Als curl-Befehl kopieren</translation>
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
    <name>rr::CallDetails</name>
    <message>
        <source>Open in &amp;log</source>
        <translation>Im &amp;Protokoll öffnen</translation>
    </message>
    <message>
        <source>Show what the log says about this call on the page of the log</source>
        <translation>Auf der Seite des Protokolls zeigen, was es über diesen Anruf sagt</translation>
    </message>
    <message>
        <source>Details of the call</source>
        <translation>Einzelheiten des Anrufs</translation>
    </message>
    <message>
        <source>Log of the call</source>
        <translation>Protokoll des Anrufs</translation>
    </message>
    <message>
        <source>Call %1</source>
        <translation>Anruf %1</translation>
    </message>
</context>
<context>
    <name>rr::CallHistoryPage</name>
    <message>
        <source>What is shown of the history</source>
        <translation>Was vom Verlauf gezeigt wird</translation>
    </message>
    <message>
        <source>Calls</source>
        <translation>Anrufe</translation>
    </message>
    <message>
        <source>By token</source>
        <translation>Nach Token</translation>
    </message>
    <message>
        <source>By model</source>
        <translation>Nach Modell</translation>
    </message>
    <message>
        <source>By day</source>
        <translation>Nach Tag</translation>
    </message>
    <message>
        <source>History of calls</source>
        <translation>Verlauf der Anrufe</translation>
    </message>
    <message>
        <source>Sums</source>
        <translation>Summen</translation>
    </message>
    <message>
        <source>&amp;Refresh</source>
        <translation>&amp;Aktualisieren</translation>
    </message>
    <message>
        <source>Read it anew (F5)</source>
        <translation>Neu lesen (F5)</translation>
    </message>
    <message>
        <source>&amp;Copy</source>
        <translation>&amp;Kopieren</translation>
    </message>
    <message>
        <source>Copy the selected rows, or all that are there</source>
        <translation>Die gewählten Zeilen kopieren, oder alle, die da sind</translation>
    </message>
    <message>
        <source>&amp;Save as CSV…</source>
        <translation>Als CSV &amp;speichern …</translation>
    </message>
    <message>
        <source>All calls that are searched for, also those not shown yet</source>
        <translation>Alle gesuchten Anrufe, auch die noch nicht gezeigten</translation>
    </message>
    <message>
        <source>Choose a store</source>
        <translation>Datenbank wählen</translation>
    </message>
    <message>
        <source>All calls</source>
        <translation>Alle Anrufe</translation>
    </message>
    <message>
        <source>Without a token</source>
        <translation>Ohne Token</translation>
    </message>
    <message>
        <source>%1 (revoked)</source>
        <translation>%1 (widerrufen)</translation>
    </message>
    <message>
        <source>A store is chosen, but not open: that happens when the relay is started. Stop it, and start it again.</source>
        <translation>Eine Datenbank ist gewählt, aber nicht geöffnet: das geschieht beim Start des Relays. Halten Sie es an, und starten Sie es neu.</translation>
    </message>
    <message>
        <source>No history is kept. To have one, choose a store in the settings: a file is enough. What calls say is kept nowhere, just when they were, whose, with which model, and what they cost.</source>
        <translation>Es wird kein Verlauf aufbewahrt. Um einen zu haben, wählen Sie in den Einstellungen eine Datenbank: eine Datei genügt. Was in Anrufen gesagt wird, wird nirgends aufbewahrt, nur wann sie waren, wessen, mit welchem Modell und was sie kosteten.</translation>
    </message>
    <message>
        <source>Reading…</source>
        <translation>Wird gelesen …</translation>
    </message>
    <message>
        <source>No such calls.</source>
        <translation>Keine solchen Anrufe.</translation>
    </message>
    <message>
        <source>Adding up…</source>
        <translation>Wird zusammengezählt …</translation>
    </message>
    <message>
        <source>Calls: %1</source>
        <translation>Anrufe: %1</translation>
    </message>
    <message>
        <source>Calls: %1, and older ones; scroll down</source>
        <translation>Anrufe: %1, und ältere; blättern Sie weiter</translation>
    </message>
    <message>
        <source>Save the history</source>
        <translation>Verlauf speichern</translation>
    </message>
    <message>
        <source>CSV, for spreadsheets</source>
        <translation>CSV, für Tabellenprogramme</translation>
    </message>
    <message>
        <source>relay-history</source>
        <translation>relay-verlauf</translation>
    </message>
    <message>
        <source>Writing %1…</source>
        <translation>%1 wird geschrieben …</translation>
    </message>
    <message>
        <source>Saved as %1.</source>
        <translation>Gespeichert als %1.</translation>
    </message>
    <message>
        <source>All days</source>
        <translation>Alle Tage</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>Heute</translation>
    </message>
    <message>
        <source>Last 7 days</source>
        <translation>Letzte 7 Tage</translation>
    </message>
    <message>
        <source>Last 30 days</source>
        <translation>Letzte 30 Tage</translation>
    </message>
    <message>
        <source>From … to …</source>
        <translation>Von … bis …</translation>
    </message>
    <message>
        <source>Days</source>
        <translation>Tage</translation>
    </message>
    <message>
        <source>Calls that were begun on these days</source>
        <translation>Anrufe, die an diesen Tagen begannen</translation>
    </message>
    <message>
        <source>First day</source>
        <translation>Erster Tag</translation>
    </message>
    <message>
        <source>Last day</source>
        <translation>Letzter Tag</translation>
    </message>
    <message>
        <source>Access token</source>
        <translation>Zugangstoken</translation>
    </message>
    <message>
        <source>Calls with this access token</source>
        <translation>Anrufe mit diesem Zugangstoken</translation>
    </message>
    <message>
        <source>Calls that have this in their model, client, origin, token or id (%1)</source>
        <translation>Anrufe, die dies in Modell, Client, Ursprung, Token oder Kennung haben (%1)</translation>
    </message>
    <message>
        <source>Search by model, client, origin, token or id</source>
        <translation>Suche nach Modell, Client, Ursprung, Token oder Kennung</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>Suche</translation>
    </message>
    <message>
        <source>&amp;Failed only</source>
        <translation>Nur &amp;fehlgeschlagene</translation>
    </message>
</context>
<context>
    <name>rr::CallTable</name>
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
        <source>Calls</source>
        <translation>Anrufe</translation>
    </message>
</context>
<context>
    <name>rr::Calls</name>
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
        <source>Call id</source>
        <translation>Kennung des Anrufs</translation>
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
    <message>
        <source>Kind</source>
        <translation>Art</translation>
    </message>
    <message>
        <source>Kind of call</source>
        <translation>Art des Anrufs</translation>
    </message>
    <message>
        <source>Time until the upstream ends it</source>
        <translation>Zeit, bis der Zielserver ihn beendet</translation>
    </message>
    <message>
        <source>Realtime</source>
        <translation>Realtime</translation>
    </message>
    <message>
        <source>Beta</source>
        <translation>Beta</translation>
    </message>
    <message>
        <source>Live</source>
        <translation>Live</translation>
    </message>
    <message>
        <source>Translation</source>
        <translation>Übersetzung</translation>
    </message>
    <message>
        <source>Transcription</source>
        <translation>Transkription</translation>
    </message>
    <message>
        <source>Sideband</source>
        <translation>Sideband</translation>
    </message>
    <message>
        <source>Token</source>
        <translation>Token</translation>
    </message>
    <message>
        <source>Access token</source>
        <translation>Zugangstoken</translation>
    </message>
    <message>
        <source>Cost</source>
        <translation>Kosten</translation>
    </message>
    <message>
        <source>↑ Tokens</source>
        <translation>↑ Tokens</translation>
    </message>
    <message>
        <source>Tokens in, as the model counts</source>
        <translation>Tokens hinein, wie das Modell zählt</translation>
    </message>
    <message>
        <source>↓ Tokens</source>
        <translation>↓ Tokens</translation>
    </message>
    <message>
        <source>Tokens out, as the model counts</source>
        <translation>Tokens heraus, wie das Modell zählt</translation>
    </message>
    <message>
        <source>%1, of these %2 cancelled</source>
        <translation>%1, davon %2 abgebrochen</translation>
    </message>
    <message>
        <source>none of its own: the call that it watches is billed</source>
        <translation>keine eigenen: abgerechnet wird der Anruf, den er beobachtet</translation>
    </message>
    <message>
        <source>without a known price: %1</source>
        <translation>ohne bekannten Preis: %1</translation>
    </message>
    <message>
        <source>usage not told: %1</source>
        <translation>Verbrauch nicht mitgeteilt: %1</translation>
    </message>
    <message>
        <source>up to a minute ago</source>
        <translation>Stand bis zu einer Minute alt</translation>
    </message>
    <message>
        <source> (%1 left)</source>
        <translation> (noch %1)</translation>
    </message>
    <message>
        <source>Came by</source>
        <translation>Kam über</translation>
    </message>
    <message>
        <source>the shared link</source>
        <translation>den Link der Freigabe</translation>
    </message>
    <message>
        <source>none: not a browser</source>
        <translation>keiner: kein Browser</translation>
    </message>
    <message>
        <source>none: a key of the client&apos;s own</source>
        <translation>keines: ein eigener Schlüssel des Clients</translation>
    </message>
    <message>
        <source>Tokens in</source>
        <translation>Tokens hinein</translation>
    </message>
    <message>
        <source>Tokens out</source>
        <translation>Tokens heraus</translation>
    </message>
    <message>
        <source>Speech that is billed by time</source>
        <translation>Sprache, die nach Zeit abgerechnet wird</translation>
    </message>
    <message>
        <source>Responses</source>
        <translation>Antworten</translation>
    </message>
    <message>
        <source>Not told to the client</source>
        <translation>Dem Client nicht gesagt</translation>
    </message>
    <message>
        <source>Messages</source>
        <translation>Nachrichten</translation>
    </message>
    <message>
        <source>Bytes</source>
        <translation>Bytes</translation>
    </message>
    <message>
        <source>Upstream connected after</source>
        <translation>Zielserver verbunden nach</translation>
    </message>
    <message>
        <source>First audio after</source>
        <translation>Erstes Audio nach</translation>
    </message>
    <message>
        <source>It asked for %1; %2 answers in its place.</source>
        <translation>Er hat %1 verlangt; an dessen Stelle antwortet %2.</translation>
    </message>
    <message>
        <source>It sets a temperature, and there is none any more.</source>
        <translation>Er setzt eine Temperatur, und die gibt es nicht mehr.</translation>
    </message>
    <message>
        <source>Events kept from it, for nobody knows them: %1</source>
        <translation>Ihm vorenthaltene Ereignisse, weil niemand sie kennt: %1</translation>
    </message>
</context>
<context>
    <name>rr::CallsPage</name>
    <message>
        <source>Filter</source>
        <translation>Filter</translation>
    </message>
    <message>
        <source>Show calls that contain all these words (%1)</source>
        <translation>Anrufe zeigen, die alle diese Wörter enthalten (%1)</translation>
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
        <source>Copy the selected calls, or all that are shown, as text</source>
        <translation>Die gewählten Anrufe oder alle gezeigten als Text kopieren</translation>
    </message>
    <message>
        <source>&amp;Export…</source>
        <translation>&amp;Exportieren …</translation>
    </message>
    <message>
        <source>Save the shown calls to a file, as CSV or JSON</source>
        <translation>Die gezeigten Anrufe in einer Datei speichern, als CSV oder JSON</translation>
    </message>
    <message>
        <source>En&amp;d call…</source>
        <translation>Anruf &amp;beenden …</translation>
    </message>
    <message>
        <source>Close the selected calls</source>
        <translation>Die gewählten Anrufe beenden</translation>
    </message>
    <message>
        <source>End &amp;all shown…</source>
        <translation>&amp;Alle gezeigten beenden …</translation>
    </message>
    <message>
        <source>Close all live calls that the filter shows</source>
        <translation>Alle laufenden Anrufe beenden, die der Filter zeigt</translation>
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
        <source>No calls yet. Each one appears here as soon as its client has connected.</source>
        <translation>Noch keine Anrufe. Jeder erscheint hier, sobald sich sein Client verbunden hat.</translation>
    </message>
    <message>
        <source>Open in &amp;log</source>
        <translation>Im &amp;Protokoll öffnen</translation>
    </message>
    <message>
        <source>End call</source>
        <translation>Anruf beenden</translation>
    </message>
    <message>
        <source>End calls</source>
        <translation>Anrufe beenden</translation>
    </message>
    <message>
        <source>End this call?</source>
        <translation>Diesen Anruf beenden?</translation>
    </message>
    <message>
        <source>End these %1 calls?</source>
        <translation>Diese %1 Anrufe beenden?</translation>
    </message>
    <message>
        <source>Both sides are told that the operator has closed it (4410).</source>
        <translation>Beiden Seiten wird gesagt, dass der Betreiber ihn beendet hat (4410).</translation>
    </message>
    <message>
        <source>End the call of %1?</source>
        <translation>Den Anruf von %1 beenden?</translation>
    </message>
    <message>
        <source>End %1 calls</source>
        <translation>%1 Anrufe beenden</translation>
    </message>
    <message>
        <source>Export the calls</source>
        <translation>Anrufe exportieren</translation>
    </message>
    <message>
        <source>relay-calls</source>
        <translation>relay-anrufe</translation>
    </message>
    <message>
        <source>CSV, for spreadsheets</source>
        <translation>CSV, für Tabellenprogramme</translation>
    </message>
    <message>
        <source>JSON</source>
        <translation>JSON</translation>
    </message>
    <message>
        <source>All kinds</source>
        <translation>Alle Arten</translation>
    </message>
    <message>
        <source>Kind of call</source>
        <translation>Art des Anrufs</translation>
    </message>
    <message>
        <source>Show calls of this kind</source>
        <translation>Anrufe dieser Art zeigen</translation>
    </message>
    <message>
        <source>No call passes the filter.</source>
        <translation>Kein Anruf passt zum Filter.</translation>
    </message>
    <message>
        <source>No calls yet. Start a demo call below, or connect a client: each call appears here at once.</source>
        <translation>Noch keine Anrufe. Starten Sie unten einen Demoanruf oder verbinden Sie einen Client: Jeder Anruf erscheint sofort hier.</translation>
    </message>
    <message>
        <source>Filter by address, origin, model, token, kind, id or state</source>
        <translation>Filtern nach Adresse, Ursprung, Modell, Token, Art, Kennung oder Zustand</translation>
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
    <name>rr::CheckList</name>
    <message>
        <source>Looking…</source>
        <translation>Wird geprüft …</translation>
    </message>
    <message>
        <source>Good</source>
        <translation>Gut</translation>
    </message>
    <message>
        <source>To know</source>
        <translation>Hinweis</translation>
    </message>
    <message>
        <source>Wrong</source>
        <translation>Fehler</translation>
    </message>
    <message>
        <source>Not looked at</source>
        <translation>Nicht geprüft</translation>
    </message>
    <message>
        <source>%1 · %2 ms</source>
        <translation>%1 · %2 ms</translation>
    </message>
</context>
<context>
    <name>rr::CopyButton</name>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
</context>
<context>
    <name>rr::CostPanel</name>
    <message>
        <source>Costs</source>
        <translation>Kosten</translation>
    </message>
    <message>
        <source>What the plot of costs shows</source>
        <translation>Was das Diagramm der Kosten zeigt</translation>
    </message>
    <message>
        <source>Last 24 hours</source>
        <translation>Letzte 24 Stunden</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>Heute</translation>
    </message>
    <message numerus="yes">
        <source>This month, last %n day(s)</source>
        <translation>
            <numerusform>Dieser Monat, letzter Tag</numerusform>
            <numerusform>Dieser Monat, letzte %n Tage</numerusform>
        </translation>
    </message>
    <message>
        <source>This month</source>
        <translation>Dieser Monat</translation>
    </message>
    <message>
        <source>Since the start</source>
        <translation>Seit dem Start</translation>
    </message>
    <message>
        <source>Days and months of UTC, as OpenAI counts them; of all relays of the store</source>
        <translation>Tage und Monate in UTC, wie OpenAI sie zählt; aller Relays mit dieser Datenbank</translation>
    </message>
    <message>
        <source>By the prices of %1; what OpenAI bills may differ.</source>
        <translation>Nach den Preisen vom %1; was OpenAI abrechnet, kann abweichen.</translation>
    </message>
    <message>
        <source>With a store, costs are known by day and by access token, and after the program&apos;s end, too.</source>
        <translation>Mit einer Datenbank sind Kosten nach Tag und Zugangstoken bekannt, auch nach dem Ende des Programms.</translation>
    </message>
    <message numerus="yes">
        <source>The history goes back %n day(s): what was spent before is not counted in this month.</source>
        <translation>
            <numerusform>Der Verlauf reicht %n Tag zurück: Was davor ausgegeben wurde, ist in diesem Monat nicht mitgezählt.</numerusform>
            <numerusform>Der Verlauf reicht %n Tage zurück: Was davor ausgegeben wurde, ist in diesem Monat nicht mitgezählt.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Last %n day(s)</source>
        <translation>
            <numerusform>Letzter Tag</numerusform>
            <numerusform>Letzte %n Tage</numerusform>
        </translation>
    </message>
    <message>
        <source>Costs by day</source>
        <translation>Kosten nach Tag</translation>
    </message>
    <message>
        <source>d MMM</source>
        <comment>a day of the plot, as QLocale writes it</comment>
        <translation>d. MMM</translation>
    </message>
    <message>
        <source>Costs by hour, of this relay</source>
        <translation>Kosten nach Stunde, dieses Relays</translation>
    </message>
</context>
<context>
    <name>rr::DemoCalls</name>
    <message>
        <source>Sto&amp;p demo calls</source>
        <translation>&amp;Demoanrufe beenden</translation>
    </message>
    <message numerus="yes">
        <source>%n caller(s)</source>
        <translation>
            <numerusform>%n Anrufer</numerusform>
            <numerusform>%n Anrufer</numerusform>
        </translation>
    </message>
    <message>
        <source>Start demo calls: %1</source>
        <translation>Demoanrufe starten: %1</translation>
    </message>
    <message numerus="yes">
        <source>Demo: %n caller(s) speak to the simulator.</source>
        <translation>
            <numerusform>Demo: %n Anrufer spricht mit dem Simulator.</numerusform>
            <numerusform>Demo: %n Anrufer sprechen mit dem Simulator.</numerusform>
        </translation>
    </message>
    <message>
        <source>Start a demo call:</source>
        <translation>Einen Demoanruf starten:</translation>
    </message>
</context>
<context>
    <name>rr::DoctorPage</name>
    <message>
        <source>What was found</source>
        <translation>Was gefunden wurde</translation>
    </message>
    <message>
        <source>The settings are others since. Examine again to see what is so now.</source>
        <translation>Die Einstellungen sind seitdem andere. Untersuchen Sie erneut, um zu sehen, was jetzt gilt.</translation>
    </message>
    <message>
        <source>Nothing was examined yet.</source>
        <translation>Es wurde noch nichts untersucht.</translation>
    </message>
    <message>
        <source>Result of the examination</source>
        <translation>Ergebnis der Untersuchung</translation>
    </message>
    <message>
        <source>&amp;Key or token for this once:</source>
        <translation>&amp;Schlüssel oder Token nur für dieses Mal:</translation>
    </message>
    <message>
        <source>may stay empty; it is not kept</source>
        <translation>darf leer bleiben; wird nicht aufbewahrt</translation>
    </message>
    <message>
        <source>With it the model is looked up and a short call is made, which costs its owner a little.</source>
        <translation>Damit wird das Modell nachgeschlagen und ein kurzer Anruf geführt, der den Inhaber ein wenig kostet.</translation>
    </message>
    <message>
        <source>Examine</source>
        <translation>Untersuchen</translation>
    </message>
    <message>
        <source>Copy the report</source>
        <translation>Den Bericht kopieren</translation>
    </message>
    <message>
        <source>Copy report</source>
        <translation>Bericht kopieren</translation>
    </message>
    <message>
        <source>Save bundle…</source>
        <translation>Paket speichern …</translation>
    </message>
    <message>
        <source>The report, versions, settings and the last log lines, without keys, passwords or anything that was said in a call: for a colleague who helps.</source>
        <translation>Der Bericht, Versionen, Einstellungen und die letzten Protokollzeilen, ohne Schlüssel, Passwörter oder irgendetwas, das in einem Anruf gesagt wurde: für jemanden, der Ihnen hilft.</translation>
    </message>
    <message>
        <source>Examining…</source>
        <translation>Wird untersucht …</translation>
    </message>
    <message>
        <source>Examine again</source>
        <translation>Erneut untersuchen</translation>
    </message>
    <message numerus="yes">
        <source>%n thing(s) are wrong.</source>
        <translation>
            <numerusform>%n Fehler wurde gefunden.</numerusform>
            <numerusform>%n Fehler wurden gefunden.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>It works; %n thing(s) are to be known.</source>
        <translation>
            <numerusform>Es funktioniert; %n Hinweis ist zu beachten.</numerusform>
            <numerusform>Es funktioniert; %n Hinweise sind zu beachten.</numerusform>
        </translation>
    </message>
    <message>
        <source>All is well.</source>
        <translation>Alles ist in Ordnung.</translation>
    </message>
    <message>
        <source>Save bundle</source>
        <translation>Paket speichern</translation>
    </message>
    <message>
        <source>Text (*.txt)</source>
        <translation>Text (*.txt)</translation>
    </message>
    <message>
        <source>Saved to %1</source>
        <translation>In %1 gespeichert</translation>
    </message>
    <message numerus="yes">
        <source>Nothing is wrong; %n thing(s) are to be known.</source>
        <translation>
            <numerusform>Nichts ist falsch; %n Hinweis ist zu beachten.</numerusform>
            <numerusform>Nichts ist falsch; %n Hinweise sind zu beachten.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Nothing is wrong; %n thing(s) were not looked at.</source>
        <translation>
            <numerusform>Nichts ist falsch; %n Punkt wurde nicht geprüft.</numerusform>
            <numerusform>Nichts ist falsch; %n Punkte wurden nicht geprüft.</numerusform>
        </translation>
    </message>
    <message>
        <source>Looks at all that a call needs, in the order in which it needs it, and, with a key or in a demo, makes one whole call through this relay. Nothing is sent but to the upstream, to this machine and its DNS servers and proxy, and to the address that others are given.</source>
        <translation>Sieht sich alles an, was ein Anruf braucht, in der Reihenfolge, in der er es braucht, und macht, mit einem Schlüssel oder in einer Vorführung, einen ganzen Anruf über dieses Relay. Gesendet wird nur an den Zielserver, an diesen Rechner und seine DNS-Server und seinen Proxy und an die Adresse, die andere bekommen.</translation>
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
        <source>Correct the file, which is then read by itself, or set it aside: it is kept with .bad at the end of its name, and what is right of it is written anew.</source>
        <translation>Berichtigen Sie die Datei, die dann von selbst gelesen wird, oder legen Sie sie beiseite: Sie bleibt mit .bad am Ende ihres Namens erhalten, und was an ihr richtig ist, wird neu geschrieben.</translation>
    </message>
</context>
<context>
    <name>rr::FirewallHint</name>
    <message>
        <source>Copy the command that opens the firewall</source>
        <translation>Den Befehl kopieren, der die Firewall öffnet</translation>
    </message>
    <message>
        <source>Command that opens the firewall</source>
        <translation>Befehl, der die Firewall öffnet</translation>
    </message>
</context>
<context>
    <name>rr::FirstSteps</name>
    <message>
        <source>First steps</source>
        <translation>Erste Schritte</translation>
    </message>
    <message>
        <source>Skip a&amp;ll</source>
        <translation>A&amp;lle überspringen</translation>
    </message>
    <message>
        <source>Ne&amp;xt</source>
        <translation>&amp;Weiter</translation>
    </message>
    <message>
        <source>All of it can be found on this page and in the settings later on</source>
        <translation>All das ist später auf dieser Seite und in den Einstellungen zu finden</translation>
    </message>
    <message>
        <source>&amp;Open the try page</source>
        <translation>Testseite ö&amp;ffnen</translation>
    </message>
    <message>
        <source>Fi&amp;nish</source>
        <translation>Ferti&amp;g</translation>
    </message>
    <message>
        <source>S&amp;kip</source>
        <translation>Ü&amp;berspringen</translation>
    </message>
    <message>
        <source>Does all work here?</source>
        <translation>Funktioniert hier alles?</translation>
    </message>
    <message>
        <source>Who is to come in?</source>
        <translation>Wer soll hereinkommen?</translation>
    </message>
    <message>
        <source>Try it.</source>
        <translation>Probieren Sie es aus.</translation>
    </message>
    <message>
        <source>Step %1 of %2: %3</source>
        <translation>Schritt %1 von %2: %3</translation>
    </message>
    <message>
        <source>The relay listens on port %1.</source>
        <translation>Das Relay lauscht auf Port %1.</translation>
    </message>
    <message>
        <source>The try page opens in your browser and makes a call through this relay with your microphone: you hear the answer, and see how long it took.</source>
        <translation>Die Testseite öffnet sich in Ihrem Browser und führt mit Ihrem Mikrofon einen Anruf über dieses Relay: Sie hören die Antwort und sehen, wie lange sie gebraucht hat.</translation>
    </message>
    <message>
        <source>Connect a client to the address below: its call appears under Calls at once.</source>
        <translation>Verbinden Sie einen Client mit der Adresse unten: Sein Anruf erscheint sofort unter Anrufe.</translation>
    </message>
</context>
<context>
    <name>rr::GuestForm</name>
    <message numerus="yes">
        <source>For %n day(s)</source>
        <translation>
            <numerusform>Für %n Tag</numerusform>
            <numerusform>Für %n Tage</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>For %n hour(s)</source>
        <translation>
            <numerusform>Für %n Stunde</numerusform>
            <numerusform>Für %n Stunden</numerusform>
        </translation>
    </message>
    <message>
        <source>For %1</source>
        <translation>Für %1</translation>
    </message>
    <message>
        <source>Web &amp;pages of</source>
        <translation>Web&amp;seiten von</translation>
    </message>
    <message>
        <source>Pro&amp;grams only: of web pages just the relay&apos;s own to try it</source>
        <translation>Nur Pro&amp;gramme: von Webseiten nur die eigene des Relays zum Ausprobieren</translation>
    </message>
    <message>
        <source>Pages that may use it</source>
        <translation>Seiten, die es benutzen dürfen</translation>
    </message>
    <message>
        <source>https://app.example.org, or any address of the page</source>
        <translation>https://app.example.org oder irgendeine Adresse der Seite</translation>
    </message>
    <message>
        <source>from one &amp;address:</source>
        <translation>von einer &amp;Adresse:</translation>
    </message>
    <message>
        <source>Who may use it:</source>
        <translation>Wer es benutzen darf:</translation>
    </message>
    <message>
        <source>&amp;Calls at once:</source>
        <translation>An&amp;rufe zugleich:</translation>
    </message>
    <message>
        <source>&amp;Until when:</source>
        <translation>&amp;Bis wann:</translation>
    </message>
    <message>
        <source>Until midnight</source>
        <translation>Bis Mitternacht</translation>
    </message>
    <message>
        <source>Say which pages may use it, such as https://app.example.org, or choose that programs alone may.</source>
        <translation>Geben Sie an, welche Seiten es benutzen dürfen, zum Beispiel https://app.example.org, oder wählen Sie, dass nur Programme es dürfen.</translation>
    </message>
    <message>
        <source>That is no address of a page. Paste what stands in the address line of the browser, such as https://app.example.org; &quot;*&quot; would let in every page there is.</source>
        <translation>Das ist keine Adresse einer Seite. Fügen Sie ein, was in der Adresszeile des Browsers steht, zum Beispiel https://app.example.org; „*“ würde jede Seite einlassen, die es gibt.</translation>
    </message>
</context>
<context>
    <name>rr::HistoryModel</name>
    <message>
        <source>Started</source>
        <translation>Beginn</translation>
    </message>
    <message>
        <source>Duration</source>
        <translation>Dauer</translation>
    </message>
    <message>
        <source>Access token</source>
        <translation>Zugangstoken</translation>
    </message>
    <message>
        <source>Client</source>
        <translation>Client</translation>
    </message>
    <message>
        <source>Origin</source>
        <translation>Ursprung</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>Art</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>↑ Tokens</source>
        <translation>↑ Tokens</translation>
    </message>
    <message>
        <source>↓ Tokens</source>
        <translation>↓ Tokens</translation>
    </message>
    <message>
        <source>Cost</source>
        <translation>Kosten</translation>
    </message>
    <message>
        <source>End</source>
        <translation>Ende</translation>
    </message>
    <message>
        <source>Code</source>
        <translation>Code</translation>
    </message>
    <message>
        <source>Id</source>
        <translation>Kennung</translation>
    </message>
</context>
<context>
    <name>rr::KeyPanel</name>
    <message>
        <source>The relay&apos;s own key</source>
        <translation>Der hinterlegte Schlüssel</translation>
    </message>
    <message>
        <source>API &amp;key of OpenAI:</source>
        <translation>API-&amp;Schlüssel von OpenAI:</translation>
    </message>
    <message>
        <source>Keep it</source>
        <translation>Hinterlegen</translation>
    </message>
    <message>
        <source>Remove…</source>
        <translation>Entfernen …</translation>
    </message>
    <message>
        <source>Open settings</source>
        <translation>Einstellungen öffnen</translation>
    </message>
    <message>
        <source>Where the relay&apos;s own key is</source>
        <translation>Wo der hinterlegte Schlüssel ist</translation>
    </message>
    <message>
        <source>sk-…; it is not shown again</source>
        <translation>sk-…; er wird nicht wieder gezeigt</translation>
    </message>
    <message>
        <source>Used for calls with an access token alone; without tokens it serves nobody</source>
        <translation>Dient nur Anrufen mit einem Zugangstoken; ohne Token dient er niemandem</translation>
    </message>
    <message>
        <source>Waiting for the system&apos;s keychain…</source>
        <translation>Der Schlüsselbund des Systems wird gefragt …</translation>
    </message>
    <message>
        <source>Replace it</source>
        <translation>Ersetzen</translation>
    </message>
    <message>
        <source>Remove the key</source>
        <translation>Schlüssel entfernen</translation>
    </message>
    <message>
        <source>Remove the relay&apos;s own key?</source>
        <translation>Den hinterlegten Schlüssel entfernen?</translation>
    </message>
    <message>
        <source>Access tokens are of no use without it: calls with one are refused until a key is entered again.</source>
        <translation>Ohne ihn nützen Zugangstoken nichts: Anrufe damit werden abgewiesen, bis wieder ein Schlüssel eingetragen ist.</translation>
    </message>
    <message>
        <source>Remove it</source>
        <translation>Entfernen</translation>
    </message>
</context>
<context>
    <name>rr::KeyVault</name>
    <message>
        <source>The system&apos;s keychain does not hold the key any more: type it again.</source>
        <translation>Der Schlüsselbund des Systems hat den Schlüssel nicht mehr: tragen Sie ihn neu ein.</translation>
    </message>
    <message>
        <source>The system&apos;s keychain did not give the key: unlock it, and start this program again.</source>
        <translation>Der Schlüsselbund des Systems hat den Schlüssel nicht herausgegeben: entsperren Sie ihn, und starten Sie dieses Programm neu.</translation>
    </message>
    <message>
        <source>There is no key to be kept.</source>
        <translation>Es ist kein Schlüssel da, der hinterlegt werden könnte.</translation>
    </message>
    <message>
        <source>The key was not kept: the system&apos;s keychain did not take it. Unlock it, and try again.</source>
        <translation>Der Schlüssel wurde nicht hinterlegt: der Schlüsselbund des Systems nahm ihn nicht an. Entsperren Sie ihn, und versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>The file %1 with the key cannot be removed: %2.</source>
        <translation>Die Datei %1 mit dem Schlüssel lässt sich nicht entfernen: %2.</translation>
    </message>
    <message>
        <source>The key was not removed: the system&apos;s keychain did not let go of it. Unlock it, and try again.</source>
        <translation>Der Schlüssel wurde nicht entfernt: der Schlüsselbund des Systems gab ihn nicht her. Entsperren Sie ihn, und versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>The key is kept in the system&apos;s keychain.</source>
        <translation>Der Schlüssel liegt im Schlüsselbund des Systems.</translation>
    </message>
    <message>
        <source>No keychain service ran when the key was typed, so it is kept in the file %1, which only you can read. Where one runs now, type the key again to have it there.</source>
        <translation>Als der Schlüssel eingetragen wurde, lief kein Schlüsselbund-Dienst, deshalb liegt er in der Datei %1, die nur Sie lesen können. Läuft jetzt einer, tragen Sie den Schlüssel neu ein, damit er dorthin kommt.</translation>
    </message>
    <message>
        <source>This program was built without the system&apos;s keychain: the key is kept in the file %1, which only you can read.</source>
        <translation>Dieses Programm wurde ohne den Schlüsselbund des Systems gebaut: der Schlüssel liegt in der Datei %1, die nur Sie lesen können.</translation>
    </message>
    <message>
        <source>No key is kept. It would be in the system&apos;s keychain or, where no such service runs, in the file %1, which only you could read.</source>
        <translation>Es ist kein Schlüssel hinterlegt. Er käme in den Schlüsselbund des Systems oder, wo kein solcher Dienst läuft, in die Datei %1, die nur Sie lesen könnten.</translation>
    </message>
    <message>
        <source>No key is kept. It would be in the file %1, which only you could read.</source>
        <translation>Es ist kein Schlüssel hinterlegt. Er käme in die Datei %1, die nur Sie lesen könnten.</translation>
    </message>
    <message>
        <source>The file %1 with the key cannot be read: %2.</source>
        <translation>Die Datei %1 mit dem Schlüssel lässt sich nicht lesen: %2.</translation>
    </message>
    <message>
        <source>The file %1 holds no key.</source>
        <translation>In der Datei %1 steht kein Schlüssel.</translation>
    </message>
    <message>
        <source>The file %1 holds the key, and others can read it. Run: chmod 600 %1</source>
        <translation>Die Datei %1 enthält den Schlüssel, und andere können sie lesen. Führen Sie aus: chmod 600 %1</translation>
    </message>
    <message>
        <source>The key cannot be kept: %1: %2. Check that you may write there and that the disk is not full.</source>
        <translation>Der Schlüssel lässt sich nicht hinterlegen: %1: %2. Prüfen Sie, ob Sie dort schreiben dürfen und der Datenträger nicht voll ist.</translation>
    </message>
    <message>
        <source>The key is in the system&apos;s keychain, which cannot be reached. Start its service, or type the key again.</source>
        <translation>Der Schlüssel liegt im Schlüsselbund des Systems, der nicht erreichbar ist. Starten Sie dessen Dienst, oder tragen Sie den Schlüssel neu ein.</translation>
    </message>
    <message>
        <source>%1 (It said: %2)</source>
        <translation>%1 (Er sagte: %2)</translation>
    </message>
</context>
<context>
    <name>rr::LetInPanel</name>
    <message>
        <source>Let others in</source>
        <translation>Andere einlassen</translation>
    </message>
    <message>
        <source>Goes away by itself once a call from another machine has worked.</source>
        <translation>Verschwindet von selbst, sobald ein Anruf von einem anderen Rechner funktioniert hat.</translation>
    </message>
    <message>
        <source>&amp;Hide</source>
        <translation>&amp;Ausblenden</translation>
    </message>
    <message>
        <source>Hide how others are let in</source>
        <translation>Ausblenden, wie andere eingelassen werden</translation>
    </message>
    <message>
        <source>The relay reaches its upstream.</source>
        <translation>Das Relay erreicht seinen Zielserver.</translation>
    </message>
</context>
<context>
    <name>rr::LinkBox</name>
    <message>
        <source>Link for a person</source>
        <translation>Link für eine Person</translation>
    </message>
    <message>
        <source>For a person: open it, or scan it</source>
        <translation>Für eine Person: öffnen oder scannen</translation>
    </message>
    <message>
        <source>Copy the link for a person</source>
        <translation>Den Link für eine Person kopieren</translation>
    </message>
    <message>
        <source>For a program: paste it</source>
        <translation>Für ein Programm: einfügen</translation>
    </message>
    <message>
        <source>Forms of the link</source>
        <translation>Formen des Links</translation>
    </message>
    <message>
        <source>Copy the link in this form</source>
        <translation>Den Link in dieser Form kopieren</translation>
    </message>
    <message>
        <source>Copy a note for a colleague</source>
        <translation>Eine Nachricht für andere kopieren</translation>
    </message>
    <message>
        <source>Both links, and what is to be known of them, to be sent in a message</source>
        <translation>Beide Links und was man über sie wissen muss, zum Verschicken in einer Nachricht</translation>
    </message>
    <message>
        <source>Link for a program: %1</source>
        <translation>Link für ein Programm: %1</translation>
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
        <source>Call</source>
        <translation>Anruf</translation>
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
        <source>Call</source>
        <translation>Anruf</translation>
    </message>
    <message>
        <source>Show entries about the call whose id begins so</source>
        <translation>Einträge des Anrufs zeigen, dessen Kennung so beginnt</translation>
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
    <message>
        <source>Lets in pages of this origin from now on</source>
        <translation>Lässt ab jetzt Seiten dieses Ursprungs ein</translation>
    </message>
    <message>
        <source>All&amp;ow %1</source>
        <translation>%1 erla&amp;uben</translation>
    </message>
    <message>
        <source>Pages of %1 may come in from now on.</source>
        <translation>Seiten von %1 dürfen ab jetzt herein.</translation>
    </message>
    <message>
        <source>All&amp;ow %1 by the link</source>
        <translation>%1 über den Link &amp;erlauben</translation>
    </message>
    <message>
        <source>Pages of %1 may come with the link from now on.</source>
        <translation>Seiten von %1 dürfen ab jetzt mit dem Link kommen.</translation>
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
    <name>rr::MoneyBox</name>
    <message>
        <source>no limit</source>
        <translation>keine Grenze</translation>
    </message>
</context>
<context>
    <name>rr::NumberRow</name>
    <message>
        <source>Before a call, by the relay itself</source>
        <translation>Vor einem Anruf, vom Relay selbst</translation>
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
        <source>Turned away</source>
        <translation>Abgewiesen</translation>
    </message>
    <message>
        <source>Uptime</source>
        <translation>Laufzeit</translation>
    </message>
    <message>
        <source>Calls that failed or were cut off; the page of the calls says why</source>
        <translation>Anrufe, die scheiterten oder abgeschnitten wurden; die Seite der Anrufe sagt, warum</translation>
    </message>
</context>
<context>
    <name>rr::OriginPanel</name>
    <message>
        <source>&amp;Add</source>
        <translation>&amp;Hinzufügen</translation>
    </message>
    <message>
        <source>Address of the page that may come in</source>
        <translation>Adresse der Seite, die hereindarf</translation>
    </message>
    <message>
        <source>Paste your page&apos;s address, as the browser shows it</source>
        <translation>Die Adresse Ihrer Seite einfügen, wie der Browser sie zeigt</translation>
    </message>
    <message>
        <source>Lets in pages of this address from now on; calls go on meanwhile</source>
        <translation>Lässt ab jetzt Seiten dieser Adresse ein; Anrufe gehen dabei weiter</translation>
    </message>
    <message>
        <source>Let the page in</source>
        <translation>Die Seite einlassen</translation>
    </message>
    <message>
        <source>That would let in every page there is. Paste the address of yours.</source>
        <translation>Das würde jede Seite einlassen, die es gibt. Fügen Sie die Adresse der Ihren ein.</translation>
    </message>
    <message>
        <source>This is no address of a page. Paste it as the browser shows it, such as https://app.example.org/login.</source>
        <translation>Das ist keine Adresse einer Seite. Fügen Sie sie ein, wie der Browser sie zeigt, zum Beispiel https://app.example.org/login.</translation>
    </message>
    <message>
        <source>Pages of %1 may come in already.</source>
        <translation>Seiten von %1 dürfen schon herein.</translation>
    </message>
    <message>
        <source>Pages of %1 may come in from now on.</source>
        <translation>Seiten von %1 dürfen ab jetzt herein.</translation>
    </message>
    <message>
        <source>Every page may come in, whosever it is (*).</source>
        <translation>Jede Seite darf herein, wem sie auch gehört (*).</translation>
    </message>
    <message>
        <source>Programs may come in, but of web pages only those that this machine itself serves.</source>
        <translation>Programme dürfen herein, von Webseiten aber nur die, die dieser Rechner selbst bereitstellt.</translation>
    </message>
    <message>
        <source>Pages of %1 and %2 more may come in.</source>
        <translation>Seiten von %1 und %2 weiteren dürfen herein.</translation>
    </message>
    <message>
        <source>Pages of %1 may come in.</source>
        <translation>Seiten von %1 dürfen herein.</translation>
    </message>
    <message>
        <source>Which pages may come in is fixed by the environment or the command line.</source>
        <translation>Welche Seiten hereindürfen, ist durch die Umgebung oder die Befehlszeile festgelegt.</translation>
    </message>
    <message>
        <source>Pages of %1 may come in by the link.</source>
        <translation>Seiten von %1 dürfen über den Link herein.</translation>
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
    <message>
        <source>Add it</source>
        <translation>Ihn hinzufügen</translation>
    </message>
    <message>
        <source>Add the tested origin to the list</source>
        <translation>Den geprüften Ursprung zur Liste hinzufügen</translation>
    </message>
</context>
<context>
    <name>rr::OverviewPage</name>
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
        <source>Traffic</source>
        <translation>Verkehr</translation>
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
        <source>to the upstream</source>
        <translation>zum Zielserver</translation>
    </message>
    <message>
        <source>to clients</source>
        <translation>zu Clients</translation>
    </message>
    <message>
        <source>Allow it</source>
        <translation>Ursprung erlauben</translation>
    </message>
    <message>
        <source>The relay is stopping: new callers are turned away.</source>
        <translation>Das Relay hält an: Neue Anrufer werden abgewiesen.</translation>
    </message>
    <message>
        <source>Nobody can connect: the relay is off.</source>
        <translation>Niemand kann sich verbinden: Das Relay ist aus.</translation>
    </message>
    <message>
        <source>A call from another machine has worked.</source>
        <translation>Ein Anruf von einem anderen Rechner hat funktioniert.</translation>
    </message>
    <message>
        <source>A call from another machine (%1) has worked.</source>
        <translation>Ein Anruf von einem anderen Rechner (%1) hat funktioniert.</translation>
    </message>
    <message>
        <source>Only this machine can connect. &lt;a href=&quot;%1&quot;&gt;Let others in&lt;/a&gt;</source>
        <translation>Nur dieser Rechner kann sich verbinden. &lt;a href=&quot;%1&quot;&gt;Andere einlassen&lt;/a&gt;</translation>
    </message>
    <message>
        <source>&lt;a href=&quot;%1&quot;&gt;Let others in&lt;/a&gt;</source>
        <translation>&lt;a href=&quot;%1&quot;&gt;Andere einlassen&lt;/a&gt;</translation>
    </message>
    <message>
        <source>Show access tokens</source>
        <translation>Zugangstoken zeigen</translation>
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
    <name>rr::QrCode</name>
    <message>
        <source>Scan it with a phone; click to show it large</source>
        <translation>Mit einem Telefon scannen; klicken, um ihn groß zu zeigen</translation>
    </message>
    <message>
        <source>Click to close</source>
        <translation>Zum Schließen klicken</translation>
    </message>
    <message>
        <source>QR code of the link</source>
        <translation>QR-Code des Links</translation>
    </message>
    <message>
        <source>Copy the link</source>
        <translation>Link kopieren</translation>
    </message>
</context>
<context>
    <name>rr::ReachPanel</name>
    <message>
        <source>T&amp;his machine only</source>
        <translation>&amp;Nur dieser Rechner</translation>
    </message>
    <message>
        <source>My net&amp;works</source>
        <translation>Meine Net&amp;ze</translation>
    </message>
    <message>
        <source>Share by a &amp;tunnel…</source>
        <translation>Über einen &amp;Tunnel freigeben …</translation>
    </message>
    <message>
        <source>A &amp;name of my own</source>
        <translation>Ein &amp;eigener Name</translation>
    </message>
    <message>
        <source>&amp;Use</source>
        <translation>&amp;Verwenden</translation>
    </message>
    <message>
        <source>Listens on every network of this machine</source>
        <translation>Lauscht in jedem Netz dieses Rechners</translation>
    </message>
    <message>
        <source>A name that leads here, or a server in front of the relay</source>
        <translation>Ein Name, der hierher führt, oder ein Server vor dem Relay</translation>
    </message>
    <message>
        <source>Address that others are given</source>
        <translation>Adresse, die anderen genannt wird</translation>
    </message>
    <message>
        <source>The internet, by a tunnel</source>
        <translation>Das Internet, über einen Tunnel</translation>
    </message>
    <message>
        <source>Gives the relay an https address for as long as you like, without a server of your own</source>
        <translation>Gibt dem Relay eine https-Adresse, solange Sie möchten, ohne eigenen Server</translation>
    </message>
    <message>
        <source>Public address</source>
        <translation>Öffentliche Adresse</translation>
    </message>
    <message>
        <source>Gives others this address from now on</source>
        <translation>Nennt anderen ab jetzt diese Adresse</translation>
    </message>
    <message>
        <source>Internet (%1)</source>
        <translation>Internet (%1)</translation>
    </message>
    <message>
        <source>Others, of containers and virtual machines: %1…</source>
        <translation>Weitere, von Containern und virtuellen Maschinen: %1 …</translation>
    </message>
    <message>
        <source>Who has the link reaches the relay by the tunnel.</source>
        <translation>Wer den Link hat, erreicht das Relay über den Tunnel.</translation>
    </message>
    <message>
        <source>This machine is on no network: nobody else reaches the relay.</source>
        <translation>Dieser Rechner ist in keinem Netz: Niemand sonst erreicht das Relay.</translation>
    </message>
    <message>
        <source>Others are told %1.</source>
        <translation>Anderen wird %1 genannt.</translation>
    </message>
    <message>
        <source>Only this machine reaches the relay.</source>
        <translation>Nur dieser Rechner erreicht das Relay.</translation>
    </message>
    <message>
        <source>The machines on your networks reach the relay.</source>
        <translation>Die Rechner in Ihren Netzen erreichen das Relay.</translation>
    </message>
    <message>
        <source>Nobody reaches the relay: it is off. Once it is on: %1</source>
        <translation>Niemand erreicht das Relay: Es ist aus. Sobald es an ist: %1</translation>
    </message>
    <message>
        <source>What it listens on is fixed by the environment or the command line.</source>
        <translation>Worauf es lauscht, ist durch die Umgebung oder die Befehlszeile festgelegt.</translation>
    </message>
    <message>
        <source>The machines on your networks can reach the relay once the firewall lets them.</source>
        <translation>Die Rechner in Ihren Netzen können das Relay erreichen, sobald die Firewall sie lässt.</translation>
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
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>They may go on for %1 (minutes:seconds). What has not ended by then is cut off; new callers are turned away meanwhile.</source>
        <translation>Sie können noch %1 (Minuten:Sekunden) weitergehen. Was bis dahin nicht zu Ende ist, wird abgebrochen; neue Anrufer werden währenddessen abgewiesen.</translation>
    </message>
    <message>
        <source>Stop relay</source>
        <translation>Relay anhalten</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>Beenden</translation>
    </message>
    <message>
        <source>The relay is stopping: they may still finish, and are cut off in %1 (minutes:seconds).</source>
        <translation>Das Relay hält an: Die Anrufe dürfen noch zu Ende gehen und werden in %1 (Minuten:Sekunden) abgebrochen.</translation>
    </message>
    <message>
        <source>They are cut off at once, as the settings have it.</source>
        <translation>Sie werden sofort abgebrochen, wie es in den Einstellungen steht.</translation>
    </message>
    <message>
        <source>Sharing ends with it: the link that you have given out opens nothing any more.</source>
        <translation>Die Freigabe endet damit: Der Link, den Sie weitergegeben haben, öffnet nichts mehr.</translation>
    </message>
    <message>
        <source>The relay is shared.</source>
        <translation>Das Relay ist freigegeben.</translation>
    </message>
</context>
<context>
    <name>rr::ServerBox</name>
    <message>
        <source>Web server</source>
        <translation>Webserver</translation>
    </message>
    <message>
        <source>To be pasted on the server</source>
        <translation>Auf dem Server einzufügen</translation>
    </message>
    <message>
        <source>Copy what is to be pasted on the server</source>
        <translation>Kopieren, was auf dem Server einzufügen ist</translation>
    </message>
    <message>
        <source>Paste it there once, into a shell of root (Debian, Ubuntu), when the fields above are filled in. The name must lead to the server, and Caddy, or nginx with a certificate of certbot, must be installed on it.</source>
        <translation>Dort einmal in eine Shell von root einfügen (Debian, Ubuntu), wenn die Felder oben ausgefüllt sind. Der Name muss zum Server führen, und Caddy, oder nginx mit einem Zertifikat von certbot, muss dort installiert sein.</translation>
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
        <source>Calls at once</source>
        <translation>Anrufe zugleich</translation>
    </message>
    <message>
        <source>Calls at once from one address</source>
        <translation>Anrufe zugleich von einer Adresse</translation>
    </message>
    <message>
        <source>New calls a minute from one address</source>
        <translation>Neue Anrufe je Minute von einer Adresse</translation>
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
        <source>Longest call</source>
        <translation>Längster Anruf</translation>
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
        <source>Backlog of all calls together</source>
        <translation>Rückstau aller Anrufe zusammen</translation>
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
    <message>
        <source>Address of the operator&apos;s port</source>
        <translation>Adresse des Betreiber-Ports</translation>
    </message>
    <message>
        <source>Port for /stats and /metrics</source>
        <translation>Port für /stats und /metrics</translation>
    </message>
    <message>
        <source>Token for /stats and /metrics</source>
        <translation>Token für /stats und /metrics</translation>
    </message>
    <message>
        <source>Headers that are passed on</source>
        <translation>Kopfzeilen, die weitergegeben werden</translation>
    </message>
    <message>
        <source>Allowed host names</source>
        <translation>Erlaubte Rechnernamen</translation>
    </message>
    <message>
        <source>Connections that wait for a request</source>
        <translation>Verbindungen, die auf eine Anfrage warten</translation>
    </message>
    <message>
        <source>Waiting connections from one address</source>
        <translation>Wartende Verbindungen von einer Adresse</translation>
    </message>
    <message>
        <source>Names of models</source>
        <translation>Modellnamen</translation>
    </message>
    <message>
        <source>Names of models in every call</source>
        <translation>Modellnamen in jedem Anruf</translation>
    </message>
    <message>
        <source>Page to try a call, at /try</source>
        <translation>Seite zum Ausprobieren eines Anrufs, unter /try</translation>
    </message>
    <message>
        <source>Check the upstream by itself</source>
        <translation>Zielserver von selbst prüfen</translation>
    </message>
    <message>
        <source>Held key</source>
        <translation>Hinterlegter Schlüssel</translation>
    </message>
    <message>
        <source>File of the held key</source>
        <translation>Datei des hinterlegten Schlüssels</translation>
    </message>
    <message>
        <source>Store</source>
        <translation>Datenbank</translation>
    </message>
    <message>
        <source>Days of history</source>
        <translation>Tage des Verlaufs</translation>
    </message>
    <message>
        <source>US dollars a day, of all access tokens</source>
        <translation>US-Dollar am Tag, aller Zugangstoken</translation>
    </message>
    <message>
        <source>File of prices</source>
        <translation>Datei der Preise</translation>
    </message>
    <message>
        <source>Factor of prices</source>
        <translation>Faktor der Preise</translation>
    </message>
    <message>
        <source>Access and costs</source>
        <translation>Zugang und Kosten</translation>
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
    <name>rr::ShareDialog</name>
    <message>
        <source>Share by a tunnel</source>
        <translation>Über einen Tunnel freigeben</translation>
    </message>
    <message>
        <source>By which way</source>
        <translation>Auf welchem Weg</translation>
    </message>
    <message>
        <source>For whom</source>
        <translation>Für wen</translation>
    </message>
    <message>
        <source>Start sharing</source>
        <translation>Freigabe starten</translation>
    </message>
    <message>
        <source>What OpenAI&apos;s terms say</source>
        <translation>Was die Bedingungen von OpenAI sagen</translation>
    </message>
    <message>
        <source>Say that you have read what OpenAI&apos;s terms say.</source>
        <translation>Bestätigen Sie, dass Sie gelesen haben, was die Bedingungen von OpenAI sagen.</translation>
    </message>
    <message>
        <source>I have read this, and I am allowed to share this access</source>
        <translation>Ich habe das gelesen und darf diesen Zugang freigeben</translation>
    </message>
</context>
<context>
    <name>rr::SharePanel</name>
    <message>
        <source>Share by a tunnel</source>
        <translation>Über einen Tunnel freigeben</translation>
    </message>
    <message>
        <source>State of sharing</source>
        <translation>Zustand der Freigabe</translation>
    </message>
    <message>
        <source>Open the page</source>
        <translation>Seite öffnen</translation>
    </message>
    <message>
        <source>The tunnel waits until you have agreed there</source>
        <translation>Der Tunnel wartet, bis Sie dort zugestimmt haben</translation>
    </message>
    <message>
        <source>Share again</source>
        <translation>Erneut freigeben</translation>
    </message>
    <message>
        <source>As the last time, with a new link</source>
        <translation>Wie beim letzten Mal, mit einem neuen Link</translation>
    </message>
    <message>
        <source>Change…</source>
        <translation>Ändern …</translation>
    </message>
    <message>
        <source>By another way, for others, or for longer</source>
        <translation>Auf einem anderen Weg, für andere oder für länger</translation>
    </message>
    <message>
        <source>Test again</source>
        <translation>Erneut prüfen</translation>
    </message>
    <message>
        <source>Goes the whole way anew, from outside</source>
        <translation>Geht den ganzen Weg von Neuem, von außen</translation>
    </message>
    <message>
        <source>New link</source>
        <translation>Neuer Link</translation>
    </message>
    <message>
        <source>The old link opens nothing any more; live calls go on</source>
        <translation>Der alte Link öffnet nichts mehr; laufende Anrufe gehen weiter</translation>
    </message>
    <message>
        <source>Stop sharing</source>
        <translation>Freigabe beenden</translation>
    </message>
    <message>
        <source>Nobody comes in from outside any more</source>
        <translation>Niemand kommt mehr von außen herein</translation>
    </message>
    <message>
        <source>What was tested</source>
        <translation>Was geprüft wurde</translation>
    </message>
    <message>
        <source>What the tunnel&apos;s program says</source>
        <translation>Was das Programm des Tunnels sagt</translation>
    </message>
    <message>
        <source>Copy what the tunnel&apos;s program says</source>
        <translation>Kopieren, was das Programm des Tunnels sagt</translation>
    </message>
    <message>
        <source>Details: what the tunnel&apos;s program says</source>
        <translation>Einzelheiten: was das Programm des Tunnels sagt</translation>
    </message>
    <message>
        <source>The last time: %1, for programs.</source>
        <translation>Beim letzten Mal: %1, für Programme.</translation>
    </message>
    <message>
        <source>The last time: %1, for pages of %2.</source>
        <translation>Beim letzten Mal: %1, für Seiten von %2.</translation>
    </message>
    <message>
        <source>Not seen from outside yet. Open the link on a phone that is not in this network, to be sure.</source>
        <translation>Noch kein Besuch von außen. Öffnen Sie den Link auf einem Telefon, das nicht in diesem Netz ist, um sicherzugehen.</translation>
    </message>
</context>
<context>
    <name>rr::StateHead</name>
    <message>
        <source>Keep running</source>
        <translation>Weiterlaufen lassen</translation>
    </message>
    <message>
        <source>State of the relay</source>
        <translation>Zustand des Relays</translation>
    </message>
    <message>
        <source>Takes new calls again; no live call is ended</source>
        <translation>Nimmt wieder neue Anrufe an; kein laufender Anruf wird beendet</translation>
    </message>
</context>
<context>
    <name>rr::StepsPanel</name>
    <message>
        <source>Before you can give out access tokens</source>
        <translation>Bevor Sie Zugangstoken ausgeben können</translation>
    </message>
    <message>
        <source>Choose a store</source>
        <translation>Datenbank wählen</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Erledigt</translation>
    </message>
    <message>
        <source>To be done</source>
        <translation>Zu erledigen</translation>
    </message>
</context>
<context>
    <name>rr::StoreWords</name>
    <message>
        <source>The database cannot be reached just now; what is shown is what was known before. It is tried again by itself.</source>
        <translation>Die Datenbank ist gerade nicht erreichbar; gezeigt wird, was vorher bekannt war. Es wird von selbst wieder versucht.</translation>
    </message>
    <message>
        <source>Rows that wait to be written: %1.</source>
        <translation>Zeilen, die aufs Schreiben warten: %1.</translation>
    </message>
    <message>
        <source>Rows that could not be kept since the start, for want of room: %1. Sums may be too small.</source>
        <translation>Zeilen, die seit dem Start nicht aufbewahrt werden konnten, weil kein Platz war: %1. Summen können zu klein sein.</translation>
    </message>
</context>
<context>
    <name>rr::SumsModel</name>
    <message>
        <source>All together</source>
        <translation>Alle zusammen</translation>
    </message>
    <message>
        <source>without: keys of the clients&apos; own</source>
        <translation>ohne: eigene Schlüssel der Clients</translation>
    </message>
    <message>
        <source>not named</source>
        <translation>nicht genannt</translation>
    </message>
    <message>
        <source>Speech that is billed by time</source>
        <translation>Sprache, die nach Zeit abgerechnet wird</translation>
    </message>
    <message>
        <source>Access token</source>
        <translation>Zugangstoken</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>Day (UTC)</source>
        <translation>Tag (UTC)</translation>
    </message>
    <message>
        <source>Calls</source>
        <translation>Anrufe</translation>
    </message>
    <message>
        <source>↑ Tokens</source>
        <translation>↑ Tokens</translation>
    </message>
    <message>
        <source>↓ Tokens</source>
        <translation>↓ Tokens</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>Cost</source>
        <translation>Kosten</translation>
    </message>
</context>
<context>
    <name>rr::TickLine</name>
    <message>
        <source>Done</source>
        <translation>Erledigt</translation>
    </message>
    <message>
        <source>Needs attention</source>
        <translation>Braucht Aufmerksamkeit</translation>
    </message>
    <message>
        <source>Not yet</source>
        <translation>Noch nicht</translation>
    </message>
</context>
<context>
    <name>rr::TlsHint</name>
    <message>
        <source>By a tunnel…</source>
        <translation>Über einen Tunnel …</translation>
    </message>
    <message>
        <source>By a certificate…</source>
        <translation>Über ein Zertifikat …</translation>
    </message>
    <message>
        <source>Gives the relay a wss address at once, without a certificate of your own</source>
        <translation>Gibt dem Relay sofort eine wss-Adresse, ohne eigenes Zertifikat</translation>
    </message>
    <message>
        <source>Shows the settings for a certificate and its key</source>
        <translation>Zeigt die Einstellungen für ein Zertifikat und seinen Schlüssel</translation>
    </message>
    <message>
        <source>Browsers let a page of https open wss:// only. For %1, %2 will not do: wss comes by a tunnel, or by a certificate for a name that leads here.</source>
        <translation>Browser lassen eine Seite mit https nur wss:// öffnen. Für %1 genügt %2 nicht: wss gibt es über einen Tunnel oder über ein Zertifikat für einen Namen, der hierher führt.</translation>
    </message>
</context>
<context>
    <name>rr::TokenDialog</name>
    <message>
        <source>New access token</source>
        <translation>Neues Zugangstoken</translation>
    </message>
    <message>
        <source>Edit access token</source>
        <translation>Zugangstoken bearbeiten</translation>
    </message>
    <message>
        <source>for whom or what it is: &quot;Demo at the fair&quot;</source>
        <translation>für wen oder was es ist: „Vorführung auf der Messe“</translation>
    </message>
    <message>
        <source>Until when it is good</source>
        <translation>Bis wann es gilt</translation>
    </message>
    <message>
        <source>all that the relay lets in; or https://app.example.org</source>
        <translation>alle, die das Relay einlässt; oder https://app.example.org</translation>
    </message>
    <message>
        <source>Pages that may call with it, of those that the relay lets in. Programs, which send no origin, may in any case.</source>
        <translation>Seiten, die damit anrufen dürfen, von denen, die das Relay einlässt. Programme, die keinen Ursprung senden, dürfen in jedem Fall.</translation>
    </message>
    <message>
        <source>any; or gpt-realtime, gpt-realtime-mini</source>
        <translation>alle; oder gpt-realtime, gpt-realtime-mini</translation>
    </message>
    <message>
        <source>Names as they stand in the address of a call, with commas between them</source>
        <translation>Namen, wie sie in der Adresse eines Anrufs stehen, durch Kommas getrennt</translation>
    </message>
    <message>
        <source>no limit</source>
        <translation>keine Grenze</translation>
    </message>
    <message>
        <source>All calls with it, of all relays together, in a day of UTC</source>
        <translation>Alle Anrufe damit, aller Relays zusammen, an einem Tag in UTC</translation>
    </message>
    <message>
        <source>All calls with it, as long as it is good</source>
        <translation>Alle Anrufe damit, solange es gilt</translation>
    </message>
    <message>
        <source>&amp;Name:</source>
        <translation>&amp;Name:</translation>
    </message>
    <message>
        <source>&amp;Expires:</source>
        <translation>&amp;Läuft ab:</translation>
    </message>
    <message>
        <source>&amp;Pages of:</source>
        <translation>&amp;Seiten von:</translation>
    </message>
    <message>
        <source>&amp;Models:</source>
        <translation>&amp;Modelle:</translation>
    </message>
    <message>
        <source>&amp;Calls at once:</source>
        <translation>An&amp;rufe zugleich:</translation>
    </message>
    <message>
        <source>M&amp;inutes a call:</source>
        <translation>M&amp;inuten je Anruf:</translation>
    </message>
    <message>
        <source>Dollars a &amp;day:</source>
        <translation>Dollar am &amp;Tag:</translation>
    </message>
    <message>
        <source>Dollars in &amp;all:</source>
        <translation>Dollar ins&amp;gesamt:</translation>
    </message>
    <message>
        <source>Make it</source>
        <translation>Erstellen</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>Speichern</translation>
    </message>
    <message numerus="yes">
        <source>in %n day(s)</source>
        <translation>
            <numerusform>in %n Tag</numerusform>
            <numerusform>in %n Tagen</numerusform>
        </translation>
    </message>
    <message>
        <source>never</source>
        <translation>nie</translation>
    </message>
    <message>
        <source>on a day:</source>
        <translation>an einem Tag:</translation>
    </message>
    <message>
        <source>Give it a name, so that its calls can be told from others.</source>
        <translation>Geben Sie ihm einen Namen, damit seine Anrufe von anderen zu unterscheiden sind.</translation>
    </message>
    <message>
        <source>There is an access token of that name. Choose another name, or revoke that one first.</source>
        <translation>Ein Zugangstoken dieses Namens gibt es. Wählen Sie einen anderen Namen, oder widerrufen Sie zuerst jenes.</translation>
    </message>
    <message>
        <source>That moment has passed. Choose a later one.</source>
        <translation>Dieser Zeitpunkt ist vorbei. Wählen Sie einen späteren.</translation>
    </message>
    <message>
        <source>Write the pages as their addresses, such as https://app.example.org, or leave the field empty.</source>
        <translation>Schreiben Sie die Seiten als ihre Adressen, etwa https://app.example.org, oder lassen Sie das Feld leer.</translation>
    </message>
    <message>
        <source>There is no store any more. Choose one in the settings.</source>
        <translation>Es gibt keine Datenbank mehr. Wählen Sie eine in den Einstellungen.</translation>
    </message>
    <message>
        <source>When a budget is spent, new calls are refused, and running ones end after the answer that is being given. Models without a known price cannot be called.</source>
        <translation>Ist ein Budget ausgegeben, werden neue Anrufe abgewiesen, und laufende enden nach der Antwort, die gerade gegeben wird. Modelle ohne bekannten Preis können nicht angerufen werden.</translation>
    </message>
    <message>
        <source>Without a budget, whoever has the token can spend all that your OpenAI account may spend.</source>
        <translation>Ohne Ausgabengrenze kann, wer das Token hat, alles ausgeben, was Ihr OpenAI-Konto ausgeben darf.</translation>
    </message>
</context>
<context>
    <name>rr::TokenHandout</name>
    <message>
        <source>The new access token</source>
        <translation>Das neue Zugangstoken</translation>
    </message>
    <message>
        <source>This is the access token &quot;%1&quot;. It is shown this once and kept nowhere: copy it now. Whoever has it can call at your expense, within its limits, until it expires or you revoke it.</source>
        <translation>Dies ist das Zugangstoken „%1“. Es wird nur dieses eine Mal gezeigt und nirgends aufbewahrt: kopieren Sie es jetzt. Wer es hat, kann in seinen Grenzen auf Ihre Kosten anrufen, bis es abläuft oder Sie es widerrufen.</translation>
    </message>
    <message>
        <source>The token: it goes where a key of OpenAI would</source>
        <translation>Das Token: es gehört dorthin, wo sonst ein Schlüssel von OpenAI steht</translation>
    </message>
    <message>
        <source>Copy the token</source>
        <translation>Das Token kopieren</translation>
    </message>
    <message>
        <source>In a frontend&apos;s .env file: where to call, and the token</source>
        <translation>In der .env-Datei eines Frontends: wohin angerufen wird, und das Token</translation>
    </message>
    <message>
        <source>In a frontend&apos;s .env file: the token</source>
        <translation>In der .env-Datei eines Frontends: das Token</translation>
    </message>
    <message>
        <source>Copy the lines for .env</source>
        <translation>Die Zeilen für .env kopieren</translation>
    </message>
    <message>
        <source>In a page: the token among the subprotocols</source>
        <translation>In einer Seite: das Token unter den Unterprotokollen</translation>
    </message>
    <message>
        <source>Copy the line for a page</source>
        <translation>Die Zeile für eine Seite kopieren</translation>
    </message>
    <message>
        <source>In a program: the token in a header</source>
        <translation>In einem Programm: das Token in einem Kopf</translation>
    </message>
    <message>
        <source>Copy the header</source>
        <translation>Den Kopf kopieren</translation>
    </message>
    <message>
        <source>For a person: the link of the share, to be opened in a browser; the token goes in there</source>
        <translation>Für einen Menschen: der Link der Freigabe, im Browser zu öffnen; das Token wird dort eingetragen</translation>
    </message>
    <message>
        <source>Copy the link of the share</source>
        <translation>Den Link der Freigabe kopieren</translation>
    </message>
    <message>
        <source>Do not put the token into a page that everybody can open: a page&apos;s visitors can read it. There, let your server make short-lived ones with it, by POST to /v1/realtime/client_secrets.</source>
        <translation>Setzen Sie das Token nicht in eine Seite, die jeder öffnen kann: deren Besucher können es lesen. Lassen Sie dort Ihren Server kurzlebige damit holen, durch POST an /v1/realtime/client_secrets.</translation>
    </message>
    <message>
        <source>The relay takes no calls now; its address is shown on the overview once it runs.</source>
        <translation>Das Relay nimmt gerade keine Anrufe an; seine Adresse steht auf der Übersicht, sobald es läuft.</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Fertig</translation>
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
    <message>
        <source>Keep running</source>
        <translation>Weiterlaufen lassen</translation>
    </message>
    <message>
        <source>Stop sharing</source>
        <translation>Freigabe beenden</translation>
    </message>
    <message>
        <source>Share…</source>
        <translation>Freigeben …</translation>
    </message>
    <message>
        <source>Copy the link</source>
        <translation>Link kopieren</translation>
    </message>
</context>
<context>
    <name>rr::WayChooser</name>
    <message>
        <source>Ways</source>
        <translation>Wege</translation>
    </message>
    <message>
        <source>Copy how to get it</source>
        <translation>Anleitung kopieren</translation>
    </message>
    <message>
        <source>Look again</source>
        <translation>Erneut nachsehen</translation>
    </message>
    <message>
        <source>What the server needs</source>
        <translation>Was der Server braucht</translation>
    </message>
    <message>
        <source>%1 (not installed)</source>
        <translation>%1 (nicht installiert)</translation>
    </message>
    <message>
        <source>%1 (may stay empty)</source>
        <translation>%1 (darf leer bleiben)</translation>
    </message>
    <message>
        <source>Browse…</source>
        <translation>Durchsuchen …</translation>
    </message>
    <message>
        <source>Choose a way.</source>
        <translation>Wählen Sie einen Weg.</translation>
    </message>
    <message>
        <source>It is kept in the settings file: put no token or password into it.</source>
        <translation>Er steht in der Einstellungsdatei: Schreiben Sie kein Token oder Passwort hinein.</translation>
    </message>
</context>
<context>
    <name>rr::WindowLife</name>
    <message>
        <source>Overview</source>
        <translation>Übersicht</translation>
    </message>
    <message>
        <source>Calls</source>
        <translation>Anrufe</translation>
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
    <message>
        <source>This desktop has no system tray.</source>
        <translation>Diese Arbeitsumgebung hat keinen Infobereich.</translation>
    </message>
    <message>
        <source>The program lives in its window instead; closing the window quits it.</source>
        <translation>Das Programm lebt stattdessen in seinem Fenster; wird das Fenster geschlossen, endet es.</translation>
    </message>
    <message>
        <source>Doctor</source>
        <translation>Doktor</translation>
    </message>
    <message>
        <source>History</source>
        <translation>Verlauf</translation>
    </message>
    <message>
        <source>Access</source>
        <translation>Zugang</translation>
    </message>
</context>
</TS>
