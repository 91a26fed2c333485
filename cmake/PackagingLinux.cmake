# SPDX-License-Identifier: MIT
# Debian and RPM packages.
set(installer ${PROJECT_SOURCE_DIR}/installer)
set(made ${PROJECT_BINARY_DIR}/installer)

# A Debian package is for the release that it was made on, for Qt's WebSockets there are bound to their exact version, and
# its version says so: 0.2.0~deb12, then 0.2.0~deb13, which is the later one, so that an upgrade of the system takes it.
cmake_host_system_information(RESULT release QUERY DISTRIB_INFO)
set(RELAY_DEBIAN_VERSION ${PROJECT_VERSION})
if(release_ID STREQUAL "debian" AND release_VERSION_ID)
    string(APPEND RELAY_DEBIAN_VERSION "~deb${release_VERSION_ID}")
elseif(release_ID STREQUAL "ubuntu")
    string(APPEND RELAY_DEBIAN_VERSION "~ubuntu${release_VERSION_ID}")
endif()

# relay_manual(PROGRAM COMPONENT TITLE): the man page and the completions, made from what --help says.
function(relay_manual program component title)
    foreach(form IN ITEMS man bash zsh)
        set(file ${made}/${program}.${form})
        add_custom_command(OUTPUT ${file}
            COMMAND ${CMAKE_COMMAND} -E env QT_QPA_PLATFORM=offscreen LC_ALL=C.UTF-8
                $<TARGET_FILE:${program}> --help > ${file}.help
            COMMAND awk -f ${installer}/linux/fromhelp.awk -v form=${form} -v program=${program}
                -v version=${PROJECT_VERSION} -v date=${RELAY_RELEASE_DATE} -v title=${title} ${file}.help > ${file}
            DEPENDS ${program} ${installer}/linux/fromhelp.awk VERBATIM)
        list(APPEND files ${file})
    endforeach()
    add_custom_command(OUTPUT ${made}/${program}.1.gz
        COMMAND gzip -9nc ${made}/${program}.man > ${made}/${program}.1.gz
        DEPENDS ${made}/${program}.man VERBATIM)
    add_custom_target(${program}-manual ALL DEPENDS ${files} ${made}/${program}.1.gz)
    install(FILES ${made}/${program}.1.gz DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT ${component})
    install(FILES ${made}/${program}.bash DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions
        RENAME ${program} COMPONENT ${component})
    install(FILES ${made}/${program}.zsh DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions
        RENAME _${program} COMPONENT ${component})
endfunction()

# relay_documents(PACKAGE COMPONENT): changelog and licence, where Debian looks for them (Policy 12.5, 12.7).
function(relay_documents package component)
    string(TIMESTAMP date "%a, %d %b %Y %H:%M:%S +0000" UTC)
    set(folder ${made}/${package})
    file(CONFIGURE OUTPUT ${folder}/changelog @ONLY CONTENT
"${package} (@RELAY_DEBIAN_VERSION@) stable; urgency=medium

  * Release @PROJECT_VERSION@; its home page tells what is new.

 -- @RELAY_MAINTAINER@  ${date}
")
    execute_process(COMMAND gzip -9nc ${folder}/changelog OUTPUT_FILE ${folder}/changelog.gz COMMAND_ERROR_IS_FATAL ANY)
    configure_file(${installer}/debian/copyright.in ${folder}/copyright @ONLY)
    install(FILES ${folder}/changelog.gz ${folder}/copyright DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/${package}
        COMPONENT ${component})
endfunction()

relay_manual(realtime-relayd daemon "relay OpenAI Realtime API calls, without a window")
relay_documents(realtime-relayd daemon)
install(FILES ${installer}/linux/realtime-relayd.service DESTINATION lib/systemd/system COMPONENT daemon)
install(FILES ${installer}/linux/relayd.json DESTINATION /etc/realtime-relay COMPONENT daemon)

if(RELAY_DESKTOP)
    relay_manual(realtime-relay desktop "relay OpenAI Realtime API calls, from the system tray")
    relay_documents(realtime-relay desktop)
    install(FILES ${installer}/linux/realtime-relay.desktop DESTINATION ${CMAKE_INSTALL_DATADIR}/applications
        COMPONENT desktop)
    set(metainfo io.github.realtime_relay.RealtimeRelay.metainfo.xml)
    configure_file(${installer}/linux/${metainfo}.in ${made}/${metainfo} @ONLY)
    install(FILES ${made}/${metainfo} DESTINATION ${CMAKE_INSTALL_DATADIR}/metainfo COMPONENT desktop)
    # Names realtime-relay-SIZE.png and realtime-relay.svg: a PNG for each size, and the drawing.
    file(GLOB icons CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/resources/icons/realtime-relay-*.png)
    foreach(icon IN LISTS icons)
        string(REGEX REPLACE ".*-([0-9]+)\\.png$" "\\1" size ${icon})
        install(FILES ${icon} DESTINATION ${CMAKE_INSTALL_DATADIR}/icons/hicolor/${size}x${size}/apps
            RENAME realtime-relay.png COMPONENT desktop)
    endforeach()
    install(FILES ${PROJECT_SOURCE_DIR}/resources/icons/realtime-relay.svg
        DESTINATION ${CMAKE_INSTALL_DATADIR}/icons/hicolor/scalable/apps COMPONENT desktop)
endif()

# --- Debian ---
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_VERSION ${RELAY_DEBIAN_VERSION})
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_DAEMON_PACKAGE_NAME realtime-relayd)
set(CPACK_DEBIAN_DAEMON_PACKAGE_DEPENDS "adduser, ca-certificates, init-system-helpers (>= 1.51), libqt6sql6-sqlite")
# For several relays that share a store.
set(CPACK_DEBIAN_DAEMON_PACKAGE_SUGGESTS libqt6sql6-psql)
set(CPACK_DEBIAN_DAEMON_DESCRIPTION
"Relays calls to OpenAI's Realtime API (voice over a WebSocket) for people in
places where OpenAI is not reachable. Clients connect to it as to OpenAI, with
their own keys; every frame passes untouched.

This package has the daemon for servers, with a sandboxed systemd service.")
set(CPACK_DEBIAN_DAEMON_PACKAGE_CONTROL_EXTRA ${installer}/debian/conffiles ${installer}/debian/postinst
    ${installer}/debian/prerm ${installer}/debian/postrm)
set(CPACK_DEBIAN_DESKTOP_PACKAGE_NAME realtime-relay)
set(CPACK_DEBIAN_DESKTOP_PACKAGE_DEPENDS "ca-certificates, libqt6sql6-sqlite")
# The second is how the keychain of GNOME is asked.
set(CPACK_DEBIAN_DESKTOP_PACKAGE_RECOMMENDS "qt6-wayland, libsecret-1-0")
set(CPACK_DEBIAN_DESKTOP_DESCRIPTION
"Relays calls to OpenAI's Realtime API (voice over a WebSocket) for people in
places where OpenAI is not reachable. Clients connect to it as to OpenAI, with
their own keys; every frame passes untouched.

This package has the application that sits in the system tray and shows every
call in a window. For servers there is realtime-relayd.")

# --- RPM ---
set(CPACK_RPM_COMPONENT_INSTALL ON)
set(CPACK_RPM_FILE_NAME RPM-DEFAULT)
set(CPACK_RPM_PACKAGE_LICENSE MIT)
set(CPACK_RPM_PACKAGE_GROUP "Applications/Internet")
set(CPACK_RPM_PACKAGE_URL ${PROJECT_HOMEPAGE_URL})
set(CPACK_RPM_EXCLUDE_FROM_AUTO_FILELIST_ADDITION /etc/realtime-relay /usr/lib/systemd /usr/lib/systemd/system
    /usr/share/zsh /usr/share/zsh/vendor-completions /usr/share/bash-completion
    /usr/share/bash-completion/completions /usr/share/icons /usr/share/icons/hicolor /usr/share/man /usr/share/man/man1
    /usr/share/metainfo)
set(CPACK_RPM_PACKAGE_SUMMARY "Relay for OpenAI Realtime API calls")
set(CPACK_RPM_SPEC_MORE_DEFINE "%define packager ${RELAY_MAINTAINER}
%define _build_id_links none")
set(CPACK_RPM_DAEMON_PACKAGE_NAME realtime-relayd)
set(CPACK_RPM_DAEMON_PACKAGE_REQUIRES "ca-certificates, shadow-utils, systemd")
set(CPACK_RPM_DAEMON_PACKAGE_SUGGESTS qt6-qtbase-postgresql) # that for SQLite is with Fedora's Qt itself
set(CPACK_RPM_DAEMON_USER_FILELIST "%config(noreplace) %attr(0640,root,realtime-relay) /etc/realtime-relay/relayd.json")
set(CPACK_RPM_DAEMON_PRE_INSTALL_SCRIPT_FILE ${installer}/rpm/pre)
set(CPACK_RPM_DAEMON_POST_INSTALL_SCRIPT_FILE ${installer}/rpm/post)
set(CPACK_RPM_DAEMON_PRE_UNINSTALL_SCRIPT_FILE ${installer}/rpm/preun)
set(CPACK_RPM_DAEMON_POST_UNINSTALL_SCRIPT_FILE ${installer}/rpm/postun)
set(CPACK_RPM_DESKTOP_PACKAGE_NAME realtime-relay)
set(CPACK_RPM_DESKTOP_PACKAGE_REQUIRES ca-certificates)
set(CPACK_COMPONENT_DAEMON_DESCRIPTION "Relays calls to OpenAI's Realtime API, without a window: servers, systemd.")
set(CPACK_COMPONENT_DESKTOP_DESCRIPTION "Relays calls to OpenAI's Realtime API, from the system tray.")
