from ipykernel.kernelapp import IPKernelApp

from .kernel import GFNKernel

IPKernelApp.launch_instance(kernel_class=GFNKernel)
