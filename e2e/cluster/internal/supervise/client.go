package supervise

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"modelweir.dev/e2e/cluster/internal/layout"
)

// Client talks to the supervisor of a cluster.
type Client struct{ http *http.Client }

func NewClient(c layout.Cluster) *Client {
	transport := &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "unix", c.Supervisor())
	}}
	return &Client{http: &http.Client{Transport: transport, Timeout: 30 * time.Second}}
}

func (c *Client) Status() (Status, error) {
	var status Status
	body, err := c.do(http.MethodGet, "/status")
	if err == nil {
		err = json.Unmarshal(body, &status)
	}
	return status, err
}

// Stop ends a component and keeps it from being restarted.
func (c *Client) Stop(component string) error {
	_, err := c.do(http.MethodPost, "/components/"+component+"/stop")
	return err
}

// Start starts a stopped component.
func (c *Client) Start(component string) error {
	_, err := c.do(http.MethodPost, "/components/"+component+"/start")
	return err
}

func (c *Client) do(method, path string) ([]byte, error) {
	request, err := http.NewRequest(method, "http://supervisor"+path, nil)
	if err != nil {
		return nil, err
	}
	response, err := c.http.Do(request)
	if err != nil {
		return nil, fmt.Errorf("ask the supervisor: %w", err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode != http.StatusOK {
		err = errors.New(strings.TrimSpace(string(body)))
	}
	return body, err
}
