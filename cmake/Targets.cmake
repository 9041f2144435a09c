# SPDX-License-Identifier: Apache-2.0
# How this project declares its libraries, programs and tests.

add_library(wxcc_options INTERFACE)
target_compile_features(wxcc_options INTERFACE cxx_std_20)
target_compile_options(wxcc_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast -Wnon-virtual-dtor
  -Woverloaded-virtual -Wformat=2 -Wimplicit-fallthrough -Wundef -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  # False alarms about std::string at -O2 (gcc bug 105651).
  target_compile_options(wxcc_options INTERFACE -Wno-restrict)
endif()
target_include_directories(wxcc_options INTERFACE "${PROJECT_SOURCE_DIR}" "${PROJECT_BINARY_DIR}")
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${CCACHE_PROGRAM}")
endif()

if(CMAKE_BUILD_TYPE STREQUAL "Release" OR CMAKE_BUILD_TYPE STREQUAL "RelWithDebInfo")
  target_compile_options(wxcc_options INTERFACE -fstack-protector-strong -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
  target_link_options(wxcc_options INTERFACE -Wl,-z,relro,-z,now)
endif()

option(WXCC_SANITIZE "Build with AddressSanitizer and UndefinedBehaviorSanitizer" OFF)
if(WXCC_SANITIZE)
  # The sanitizers' instrumentation makes gcc take members of std::variant and std::regex for uninitialised.
  target_compile_options(wxcc_options INTERFACE -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
                         -Wno-maybe-uninitialized)
  target_link_options(wxcc_options INTERFACE -fsanitize=address,undefined)
endif()

# wxcc_library(<directory> [USES <targets>...] [PRIVATE_USES <targets>...]): one static library per directory, of the
# directory's name. PRIVATE_USES are third-party libraries whose headers only this directory's sources may see.
function(wxcc_library name)
  cmake_parse_arguments(ARG "" "" "USES;PRIVATE_USES" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS "*.cpp" "*.h")
  add_library(${name} STATIC ${sources})
  set_target_properties(${name} PROPERTIES LINKER_LANGUAGE CXX OUTPUT_NAME "wxcc_${name}")
  target_link_libraries(${name} PUBLIC wxcc_options ${ARG_USES} PRIVATE ${ARG_PRIVATE_USES})
endfunction()

# wxcc_test(<directory> [USES <targets>...]): tests/<directory>/*.cpp as one GoogleTest program, test_<directory>.
function(wxcc_test name)
  cmake_parse_arguments(ARG "" "" "USES" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS "*.cpp" "*.h")
  add_executable(test_${name} ${sources})
  target_link_libraries(test_${name} PRIVATE wxcc_options ${ARG_USES} GTest::gtest GTest::gmock GTest::gtest_main)
  gtest_discover_tests(test_${name} TEST_PREFIX "${name}." PROPERTIES TIMEOUT 120 DISCOVERY_TIMEOUT 60)
endfunction()
