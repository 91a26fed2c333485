<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en_US">
<context>
    <name>Status</name>
    <message numerus="yes">
        <source>The relay&apos;s certificate expires in %n day(s).</source>
        <translation>
            <numerusform>The relay&apos;s certificate expires in %n day.</numerusform>
            <numerusform>The relay&apos;s certificate expires in %n days.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The relay is on, with %n call(s).</source>
        <translation>
            <numerusform>The relay is on, with %n call.</numerusform>
            <numerusform>The relay is on, with %n calls.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>On, %n call(s)</source>
        <translation>
            <numerusform>On, %n call</numerusform>
            <numerusform>On, %n calls</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The relay is stopping: %n call(s) may still finish.</source>
        <translation>
            <numerusform>The relay is stopping: %n call may still finish.</numerusform>
            <numerusform>The relay is stopping: %n calls may still finish.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Stopping, %n call(s) left</source>
        <translation>
            <numerusform>Stopping, %n call left</numerusform>
            <numerusform>Stopping, %n calls left</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>rr::RelaySwitch</name>
    <message numerus="yes">
        <source>%n call(s) are live.</source>
        <translation>
            <numerusform>%n call is live.</numerusform>
            <numerusform>%n calls are live.</numerusform>
        </translation>
    </message>
</context>
</TS>
