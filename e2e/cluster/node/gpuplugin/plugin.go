package gpuplugin

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"k8s.io/klog/v2"
	api "k8s.io/kubelet/pkg/apis/deviceplugin/v1beta1"
)

// plugin serves a fixed list of always healthy devices.
type plugin struct {
	api.UnimplementedDevicePluginServer
	devices []*api.Device
	server  *grpc.Server
}

func newPlugin(count int) *plugin {
	p := &plugin{}
	for i := range count {
		id := fmt.Sprintf("GPU-00000000-0000-0000-0000-%012d", i)
		p.devices = append(p.devices, &api.Device{ID: id, Health: api.Healthy})
	}
	return p
}

// serve replaces the socket of an earlier kubelet and registers at the present one.
func (p *plugin) serve(ctx context.Context) error {
	if p.server != nil {
		p.server.Stop()
	}
	endpoint := "modelweir-gpu.sock"
	path := filepath.Join(api.DevicePluginPath, endpoint)
	if err := os.RemoveAll(path); err != nil {
		return err
	}
	listener, err := net.Listen("unix", path)
	if err != nil {
		return err
	}
	p.server = grpc.NewServer()
	api.RegisterDevicePluginServer(p.server, p)
	go func(server *grpc.Server) {
		if err := server.Serve(listener); err != nil {
			klog.ErrorS(err, "Device plugin server ended")
		}
	}(p.server)

	kubelet, err := grpc.NewClient("unix://"+api.KubeletSocket, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return err
	}
	defer kubelet.Close()
	_, err = api.NewRegistrationClient(kubelet).Register(ctx, &api.RegisterRequest{
		Version: api.Version, Endpoint: endpoint, ResourceName: resource, Options: &api.DevicePluginOptions{}})
	if err == nil {
		klog.InfoS("Registered at the kubelet", "resource", resource, "devices", len(p.devices))
	}
	return err
}

func (p *plugin) GetDevicePluginOptions(context.Context, *api.Empty) (*api.DevicePluginOptions, error) {
	return &api.DevicePluginOptions{}, nil
}

func (p *plugin) ListAndWatch(_ *api.Empty, stream grpc.ServerStreamingServer[api.ListAndWatchResponse]) error {
	if err := stream.Send(&api.ListAndWatchResponse{Devices: p.devices}); err != nil {
		return err
	}
	<-stream.Context().Done()
	return nil
}

// Allocate tells the container its devices the way the NVIDIA plugin does.
func (p *plugin) Allocate(_ context.Context, request *api.AllocateRequest) (*api.AllocateResponse, error) {
	response := &api.AllocateResponse{}
	for _, container := range request.ContainerRequests {
		response.ContainerResponses = append(response.ContainerResponses, &api.ContainerAllocateResponse{
			Envs: map[string]string{"NVIDIA_VISIBLE_DEVICES": strings.Join(container.DevicesIds, ",")}})
	}
	return response, nil
}
