// SPDX-License-Identifier: Apache-2.0
#include "simulator/cloud/message.h"

#include <fmt/format.h>

#include "base/json.h"

namespace wxcc::simulator {

Response contact_center_error(const Request& request, int status, const std::string& description) {
  base::JsonWriter json;
  json.begin_object().member("trackingId", request.tracking_id);
  json.key("error").begin_object().member("key", std::to_string(status)).key("message").begin_array();
  json.begin_object().member("description", description).end_object().end_array().end_object().end_object();
  return {status, json.text()};
}

Response platform_error(const Request& request, int status, const std::string& message) {
  base::JsonWriter json;
  json.begin_object().member("message", message).key("errors").begin_array();
  json.begin_object().member("description", message).end_object().end_array();
  json.member("trackingId", "ROUTER_" + request.tracking_id).end_object();
  return {status, json.text()};
}

Response storage_error(const Request& request, int status, const std::string& code, const std::string& message) {
  return {status,
          fmt::format("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                      "<Error><Code>{}</Code><Message>{}</Message><RequestId>{}</RequestId></Error>",
                      code, escape_html(message), escape_html(request.tracking_id)),
          "application/xml"};
}

Response html_page(int status, const std::string& title, const std::string& body) {
  return {status,
          fmt::format("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{0}</title>"
                      "</head>\n<body><h1>{0}</h1>\n{1}\n</body></html>\n",
                      escape_html(title), body),
          "text/html;charset=UTF-8"};
}

std::string escape_html(const std::string& text) {
  constexpr std::string_view kSpecial = "&<>\"'";
  constexpr std::string_view kEntities[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"};
  std::string result;
  for (const char c : text) {
    const auto index = kSpecial.find(c);
    if (index == std::string_view::npos)
      result += c;
    else
      result += kEntities[index];
  }
  return result;
}

}  // namespace wxcc::simulator
