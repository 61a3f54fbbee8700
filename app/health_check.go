package app

// HealthCheck is one thing that a health page, or latchkey health, looked at.
type HealthCheck struct {
	Name   string `json:"name"`
	OK     bool   `json:"ok"`
	Detail string `json:"detail"`
}
