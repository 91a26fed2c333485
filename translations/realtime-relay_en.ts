<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en_US">
<context>
    <name>Access</name>
    <message numerus="yes">
        <source>%n day(s)</source>
        <translation>
            <numerusform>%n day</numerusform>
            <numerusform>%n days</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n hour(s)</source>
        <translation>
            <numerusform>%n hour</numerusform>
            <numerusform>%n hours</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n minute(s)</source>
        <translation>
            <numerusform>%n minute</numerusform>
            <numerusform>%n minutes</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n call(s) at once</source>
        <translation>
            <numerusform>%n call at once</numerusform>
            <numerusform>%n calls at once</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n minute(s) a call</source>
        <translation>
            <numerusform>%n minute a call</numerusform>
            <numerusform>%n minutes a call</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ShareQuestion</name>
    <message numerus="yes">
        <source>%n call(s) came in by it and end at once.</source>
        <translation>
            <numerusform>%n call came in by it and ends at once.</numerusform>
            <numerusform>%n calls came in by it and end at once.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ShareText</name>
    <message numerus="yes">
        <source>Broken · again in %n s</source>
        <translation>
            <numerusform>Broken · again in %n s</numerusform>
            <numerusform>Broken · again in %n s</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Status</name>
    <message numerus="yes">
        <source>Stopping, %n call(s) left</source>
        <translation>
            <numerusform>Stopping, %n call left</numerusform>
            <numerusform>Stopping, %n calls left</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n minute(s) ago</source>
        <translation>
            <numerusform>%n minute ago</numerusform>
            <numerusform>%n minutes ago</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Client: %1 (%2), and %n other(s).</source>
        <translation>
            <numerusform>Client: %1 (%2), and %n other.</numerusform>
            <numerusform>Client: %1 (%2), and %n others.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The relay works, with %n call(s), but something needs attention.</source>
        <translation>
            <numerusform>The relay works, with %n call, but something needs attention.</numerusform>
            <numerusform>The relay works, with %n calls, but something needs attention.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The relay works, with %n call(s).</source>
        <translation>
            <numerusform>The relay works, with %n call.</numerusform>
            <numerusform>The relay works, with %n calls.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Works, %n call(s)</source>
        <translation>
            <numerusform>Works, %n call</numerusform>
            <numerusform>Works, %n calls</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 (%n call(s))</source>
        <translation>
            <numerusform>%1 (%n call)</numerusform>
            <numerusform>%1 (%n calls)</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The relay is stopping: %n call(s) may still finish; in %1 it cuts them off.</source>
        <translation>
            <numerusform>The relay is stopping: %n call may still finish; in %1 it is cut off.</numerusform>
            <numerusform>The relay is stopping: %n calls may still finish; in %1 it cuts them off.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The relay is stopping: %n call(s) are being ended.</source>
        <translation>
            <numerusform>The relay is stopping: %n call is being ended.</numerusform>
            <numerusform>The relay is stopping: %n calls are being ended.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Stopping, %n call(s) left (%1)</source>
        <translation>
            <numerusform>Stopping, %n call left (%1)</numerusform>
            <numerusform>Stopping, %n calls left (%1)</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>rr::AccessPage</name>
    <message numerus="yes">
        <source>%n call(s) with it end within a second.</source>
        <translation>
            <numerusform>%n call with it ends within a second.</numerusform>
            <numerusform>%n calls with it end within a second.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>rr::CostPanel</name>
    <message numerus="yes">
        <source>This month, last %n day(s)</source>
        <translation>
            <numerusform>This month, last day</numerusform>
            <numerusform>This month, last %n days</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The history goes back %n day(s): what was spent before is not counted in this month.</source>
        <translation>
            <numerusform>The history goes back %n day: what was spent before is not counted in this month.</numerusform>
            <numerusform>The history goes back %n days: what was spent before is not counted in this month.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Last %n day(s)</source>
        <translation>
            <numerusform>Last day</numerusform>
            <numerusform>Last %n days</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>rr::DemoCalls</name>
    <message numerus="yes">
        <source>%n caller(s)</source>
        <translation>
            <numerusform>%n caller</numerusform>
            <numerusform>%n callers</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Demo: %n caller(s) speak to the simulator.</source>
        <translation>
            <numerusform>Demo: %n caller speaks to the simulator.</numerusform>
            <numerusform>Demo: %n callers speak to the simulator.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>rr::DoctorPage</name>
    <message numerus="yes">
        <source>%n thing(s) are wrong.</source>
        <translation>
            <numerusform>%n thing is wrong.</numerusform>
            <numerusform>%n things are wrong.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>It works; %n thing(s) are to be known.</source>
        <translation>
            <numerusform>It works; %n thing is to be known.</numerusform>
            <numerusform>It works; %n things are to be known.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Nothing is wrong; %n thing(s) are to be known.</source>
        <translation>
            <numerusform>Nothing is wrong; %n thing is to be known.</numerusform>
            <numerusform>Nothing is wrong; %n things are to be known.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Nothing is wrong; %n thing(s) were not looked at.</source>
        <translation>
            <numerusform>Nothing is wrong; %n thing was not looked at.</numerusform>
            <numerusform>Nothing is wrong; %n things were not looked at.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>rr::GuestForm</name>
    <message numerus="yes">
        <source>For %n day(s)</source>
        <translation>
            <numerusform>For %n day</numerusform>
            <numerusform>For %n days</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>For %n hour(s)</source>
        <translation>
            <numerusform>For %n hour</numerusform>
            <numerusform>For %n hours</numerusform>
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
<context>
    <name>rr::TokenDialog</name>
    <message numerus="yes">
        <source>in %n day(s)</source>
        <translation>
            <numerusform>in %n day</numerusform>
            <numerusform>in %n days</numerusform>
        </translation>
    </message>
</context>
</TS>
