package jira

import "net/http"

func refuseUserEmail(*call) (reply, error) {
	return reply{}, refuse(http.StatusBadRequest, "This API is available to approved apps only.")
}
