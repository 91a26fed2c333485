; SPDX-License-Identifier: MIT
IfSilent relay_asked 0
MessageBox MB_YESNO|MB_ICONQUESTION "Let other computers reach the relay through the Windows firewall?" IDNO relay_no_firewall
ExecWait 'netsh advfirewall firewall add rule name="Realtime Relay" dir=in action=allow protocol=TCP program="$INSTDIR\bin\realtime-relay.exe" enable=yes'
ExecWait 'netsh advfirewall firewall add rule name="Realtime Relay" dir=in action=allow protocol=TCP program="$INSTDIR\bin\realtime-relayd.exe" enable=yes'
relay_no_firewall:
MessageBox MB_YESNO|MB_ICONQUESTION "Start Realtime Relay in the tray when you log in?" IDNO relay_asked
WriteRegStr HKCU "Software\Microsoft\Windows\CurrentVersion\Run" "RealtimeRelay" '"$INSTDIR\bin\realtime-relay.exe" --minimized'
relay_asked:
