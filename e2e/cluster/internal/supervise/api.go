package supervise

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"strconv"
	"time"

	"modelweir.dev/e2e/cluster/internal/config"
	"modelweir.dev/e2e/cluster/internal/layout"
)

// apiClient asks the API server the few questions of the start.
type apiClient struct {
	http    *http.Client
	base    string
	options config.Options
}

func newAPIClient(s config.Spec) (*apiClient, error) {
	cert, err := tls.LoadX509KeyPair(s.Cluster.PKI("supervisor.crt"), s.Cluster.PKI("supervisor.key"))
	if err != nil {
		return nil, err
	}
	authority, err := os.ReadFile(s.Cluster.PKI("ca.crt"))
	if err != nil {
		return nil, err
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(authority)
	transport := &http.Transport{TLSClientConfig: &tls.Config{Certificates: []tls.Certificate{cert}, RootCAs: roots}}
	return &apiClient{
		http: &http.Client{Transport: transport, Timeout: 5 * time.Second}, base: s.API(), options: s.Options}, nil
}

func (c *apiClient) get(path string, into any) error { return get(c.http, c.base+path, into) }

func get(client *http.Client, url string, into any) error {
	response, err := client.Get(url)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answers %s", url, response.Status)
	}
	if into == nil {
		return nil
	}
	return json.NewDecoder(response.Body).Decode(into)
}

func (c *apiClient) ready() error { return c.get("/readyz", nil) }

func (c *apiClient) nodeReady() error {
	n, err := c.node()
	if err != nil {
		return err
	}
	return n.ready()
}

// gpusReady waits for the kubelet to take over the plugin's devices.
func (c *apiClient) gpusReady() error {
	n, err := c.node()
	if err != nil {
		return err
	}
	if have := n.Status.Allocatable["nvidia.com/gpu"]; have != strconv.Itoa(c.options.GPUs) {
		return fmt.Errorf("the node offers %q of %d GPUs", have, c.options.GPUs)
	}
	return nil
}

// simulatedReady waits for KWOK's nodes.
func (c *apiClient) simulatedReady() error {
	var list struct{ Items []node }
	if err := c.get("/api/v1/nodes?labelSelector=type%3Dkwok", &list); err != nil {
		return err
	}
	if len(list.Items) < c.options.KwokNodes {
		return fmt.Errorf("%d of %d simulated nodes exist", len(list.Items), c.options.KwokNodes)
	}
	for _, n := range list.Items {
		if err := n.ready(); err != nil {
			return err
		}
	}
	return nil
}

func (c *apiClient) node() (node, error) {
	var n node
	err := c.get("/api/v1/nodes/"+layout.NodeName, &n)
	return n, err
}

// serviceAccount waits for the account without which no pod is admitted.
func (c *apiClient) serviceAccount() error {
	return c.get("/api/v1/namespaces/default/serviceaccounts/default", nil)
}

func dnsReady() error { return get(http.DefaultClient, "http://127.0.0.1:8181/ready", nil) }
