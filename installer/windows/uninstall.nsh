; SPDX-License-Identifier: MIT
ExecWait 'netsh advfirewall firewall delete rule name="Realtime Relay"'
DeleteRegValue HKCU "Software\Microsoft\Windows\CurrentVersion\Run" "RealtimeRelay"
