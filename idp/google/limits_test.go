package google

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

func refusal(status int, reason, retryAfter string) (*http.Response, string) {
	body := fmt.Sprintf(`{"error":{"code":%d,"errors":[{"reason":%q}]}}`, status, reason)
	resp := &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body))}
	if retryAfter != "" {
		resp.Header.Set("Retry-After", retryAfter)
	}
	return resp, body
}

// A wait that Google doesn't tell doubles up to a minute, and what Google says of an answer can still be read.
func TestWaitsDouble(t *testing.T) {
	q := &quotas{refused: map[string]int{}}
	req, err := http.NewRequest(http.MethodGet, "https://admin.googleapis.com/admin/directory/v1/users/x", nil)
	if err != nil {
		t.Fatal(err)
	}
	for i, c := range []struct {
		status             int
		reason, retryAfter string
		rest               time.Duration // zero: it isn't refused for its pace
	}{
		{403, "rateLimitExceeded", "", time.Second},
		{403, "userRateLimitExceeded", "", 2 * time.Second},
		{429, "", "", 4 * time.Second},
		{403, "quotaExceeded", "7", 7 * time.Second},
		{403, "dailyLimitExceeded", "", 8 * time.Second},
		{503, "backendError", "", 0}, // nothing follows from that
		{429, "", "", 16 * time.Second},
		{429, "", "", 32 * time.Second},
		{429, "", "", time.Minute},
		{429, "", "", time.Minute},
		{429, "", "0", time.Second},
		{403, "forbidden", "", 0},
		{429, "", "", time.Second},
		{404, "notFound", "", 0},
		{429, "", "", time.Second},
	} {
		resp, body := refusal(c.status, c.reason, c.retryAfter)
		f := q.Learn(req, resp, time.Now())
		if f == nil || f.Quota != quotaDirectory || f.Refused != (c.rest > 0) || f.Rest != c.rest || f.Budget != nil {
			t.Errorf("answer %d (%d %s): %+v, want a rest of %s", i, c.status, c.reason, f, c.rest)
		}
		if got, err := io.ReadAll(resp.Body); err != nil || string(got) != body {
			t.Errorf("answer %d: %q is left of it (%v)", i, got, err)
		}
	}
}

func TestCallsCountWhereGoogleCountsThem(t *testing.T) {
	for path, want := range map[string]string{
		"/admin/directory/v1/users":                              "directory 2000",
		"/admin/reports/v1/activity/users/all/applications/saml": "reports 2000, filtered reports 200",
		"/v1/groups/x": "cloud identity 0",
	} {
		req, err := http.NewRequest(http.MethodGet, "https://x"+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, quota := range (&quotas{}).Quotas(req) {
			got = append(got, fmt.Sprint(quota.Name, " ", quota.Most))
			if quota.Most > 0 && quota.Per != time.Minute {
				t.Errorf("%s is of %s", quota.Name, quota.Per)
			}
		}
		if s := strings.Join(got, ", "); s != want {
			t.Errorf("%s: %s, want %s", path, s, want)
		}
	}
}
