import { widgetPage } from "@/app/_server/widget-page";

/** The chat for a frame of a customer's page; other domains' frames stay empty. */
export const GET = async (request: Request, { params }: RouteContext<"/embed/[publicId]">): Promise<Response> =>
  widgetPage(request, (await params).publicId, "frame");
