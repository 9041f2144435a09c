// SPDX-License-Identifier: Apache-2.0
#include "simulator/message.h"

#include <fmt/format.h>

#include "base/digest.h"
#include "base/json.h"

namespace wxcc::simulator {

Answer contact_center_error(int status, const std::string& description, const std::string& tracking_id) {
  base::JsonWriter json;
  json.begin_object().member("trackingId", tracking_id.empty() ? base::random_uuid() : tracking_id);
  json.key("error").begin_object().member("key", std::to_string(status)).key("message").begin_array();
  json.begin_object().member("description", description).end_object().end_array().end_object().end_object();
  Answer answer;
  answer.status = status;
  answer.body = json.text();
  return answer;
}

Answer platform_error(int status, const std::string& message) {
  base::JsonWriter json;
  json.begin_object().member("message", message).key("errors").begin_array();
  json.begin_object().member("description", message).end_object().end_array();
  json.member("trackingId", "ROUTER_" + base::random_uuid()).end_object();
  Answer answer;
  answer.status = status;
  answer.body = json.text();
  return answer;
}

Answer storage_error(int status, const std::string& code, const std::string& message) {
  Answer answer;
  answer.status = status;
  answer.content_type = "application/xml";
  answer.body = fmt::format(
      "<?xml version=\"1.0\" "
      "encoding=\"UTF-8\"?>\n<Error><Code>{}</Code><Message>{}</Message><RequestId>{}</RequestId></Error>",
      code, escape_html(message), base::to_hex(base::random_bytes(8)));
  return answer;
}

Answer html_page(int status, const std::string& title, const std::string& body) {
  Answer answer;
  answer.status = status;
  answer.content_type = "text/html;charset=UTF-8";
  answer.body = fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{0}</title></head>\n"
      "<body><h1>{0}</h1>\n{1}\n</body></html>\n",
      escape_html(title), body);
  return answer;
}

std::string escape_html(const std::string& text) {
  std::string result;
  for (const char c : text) {
    switch (c) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      case '\'':
        result += "&#39;";
        break;
      default:
        result += c;
    }
  }
  return result;
}

}  // namespace wxcc::simulator
