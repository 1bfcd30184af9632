/* ESP-IDF's errors. */
#ifndef ESP_ERR_H
#define ESP_ERR_H

typedef int esp_err_t;

enum { ESP_OK = 0, ESP_FAIL = -1 };

void stub_check(esp_err_t error);
#define ESP_ERROR_CHECK(x) stub_check(x)

#endif
